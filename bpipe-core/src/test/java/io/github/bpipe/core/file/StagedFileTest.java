package io.github.bpipe.core.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagedFileTest {
    private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("dump.zst");
    }

    @Test
    void appearsOnlyWhenComplete() throws IOException {
        try (StagedFile staged = new StagedFile(file)) {
            staged.out().write(CONTENT);
            assertThat(file).doesNotExist();
            staged.commit();
            assertThat(file).hasBinaryContent(CONTENT);
        }
        assertThat(names()).containsExactly("dump.zst");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void leavesNothingWhenClosedBefore() throws IOException {
        try (StagedFile staged = new StagedFile(file)) {
            staged.out().write(CONTENT);
            assertThat(names()).singleElement().asString().endsWith(".partial");
            Path partial = folder.resolve(names().get(0));
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(partial)))
                    .isEqualTo("rw-------");
        }
        assertThat(names()).isEmpty();
    }

    @Test
    void replacesAFormerOneOnlyWhenComplete() throws IOException {
        Files.writeString(file, "former");
        try (StagedFile staged = new StagedFile(file)) {
            staged.out().write(CONTENT);
        }
        assertThat(file).hasContent("former");
        try (StagedFile staged = new StagedFile(file)) {
            staged.out().write(CONTENT);
            staged.commit();
        }
        assertThat(file).hasBinaryContent(CONTENT);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aMissingFolderIsNamed() {
        Path missing = folder.resolve("no").resolve("dump.zst");
        Failure failure = catchThrowableOfType(Failure.class, () -> new StagedFile(missing).close());
        assertThat(failure.getMessage()).startsWith("cannot create " + missing.getParent());
        assertThat(failure.exitCode()).isEqualTo(ExitCode.OUTPUT);
        assertThat(failure.hint()).contains("does the folder exist");
    }

    @Test
    void aFolderOrDeviceIsNeverReplaced() throws IOException {
        // a link, so that a defect would replace the link and not the machine's device
        Path device = Files.createSymbolicLink(folder.resolve("null"), Path.of("/dev/null"));
        for (Path other : List.of(folder, device)) {
            Failure failure = catchThrowableOfType(Failure.class, () -> new StagedFile(other).close());
            assertThat(failure).hasMessage(other + " is there and no ordinary file");
        }
        assertThat(names()).containsExactly("null");
        assertThat(Files.isSymbolicLink(device)).isTrue();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(each -> each.getFileName().toString()).sorted().toList();
        }
    }
}
