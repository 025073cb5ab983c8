package io.github.bpipe.core.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.process.Captured;
import io.github.bpipe.core.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedFileTest {
    private static final String OWN_USER = System.getProperty("user.name");

    @TempDir
    private Path temporary;

    private Path folder;
    private Path file;

    @BeforeEach
    void makeFile() throws IOException {
        folder = Files.createDirectory(temporary.toRealPath().resolve("etc"));
        file = Files.createFile(folder.resolve("shop.yaml"));
        mode(folder, "rwxr-xr-x");
        mode(file, "rw-r--r--");
    }

    @Test
    void aFileThatOnlyWeCanWriteIsTrusted() {
        assertThatCode(() -> TrustedFile.require(file, "profile", OWN_USER)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-rw-r--", "rw-r--rw-"})
    void aFileThatOthersCanWriteIsNot(String mode) throws IOException {
        mode(file, mode);
        assertThat(refusal(OWN_USER))
                .hasMessage("profile " + file + " can be written by others")
                .returns("chmod go-w " + file, Failure::hint)
                .returns(ExitCode.USAGE, Failure::exitCode);
    }

    @Test
    void aFileInAFolderThatOthersCanWriteIsNotUnlessOnlyOwnersMayRemoveFilesThere() throws IOException {
        mode(folder, "rwxrwxrwx");
        assertThat(refusal(OWN_USER)).hasMessageContaining("can be replaced by others");
        Captured.run(Command.of("chmod", "1777", folder.toString()));
        assertThatCode(() -> TrustedFile.require(file, "profile", OWN_USER)).doesNotThrowAnyException();
    }

    @Test
    void aFileOfSomebodyElseIsNotAlsoBehindALink() throws IOException {
        String owner = OWN_USER;
        if (owner.equals("root")) {
            owner = "nobody";
            assertThat(Captured.run(Command.of("chown", owner, file.toString())).status())
                    .isZero();
        }
        assertThat(refusal("somebody")).hasMessage("profile " + file + " belongs to " + owner + ", who can change it");
        Path link = Files.createSymbolicLink(temporary.resolve("link.yaml"), file);
        file = link;
        assertThat(refusal("somebody")).hasMessageContaining(" belongs to " + owner);
    }

    @Test
    void aLinkThatOthersCouldMakeLeadElsewhereIsNot() throws IOException {
        Path links = Files.createDirectory(temporary.toRealPath().resolve("links"));
        Path link = Files.createSymbolicLink(links.resolve("shop.yaml"), file);
        assertThatCode(() -> TrustedFile.require(link, "profile", OWN_USER)).doesNotThrowAnyException();
        mode(links, "rwxrwxrwx");
        file = link;
        assertThat(refusal(OWN_USER)).hasMessageContaining("can be replaced by others");
    }

    private Failure refusal(String ownUser) {
        return catchThrowableOfType(Failure.class, () -> TrustedFile.require(file, "profile", ownUser));
    }

    private static void mode(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }
}
