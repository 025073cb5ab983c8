package io.github.bpipe.core.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bpipe.core.error.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnedFolderTest {
    @TempDir
    Path parent;

    @Test
    void aFolderHasOneOwnerAndGoesWithIt() throws IOException {
        Path path = parent.resolve("work");
        try (OwnedFolder folder = OwnedFolder.claim(path)) {
            Files.createDirectories(folder.resolve("a/b"));
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rwx------");
            assertThat(OwnedFolder.inUse(path)).isTrue();
            assertThatThrownBy(() -> OwnedFolder.claim(path)).isInstanceOf(Failure.class);
        }
        assertThat(path).doesNotExist();
        assertThat(OwnedFolder.inUse(path)).isFalse();
    }

    @Test
    void whatIsKeptSurvivesAndCanBeClaimedAgain() throws IOException {
        Path path = parent.resolve("work");
        OwnedFolder first = OwnedFolder.claim(path);
        Path kept = Files.writeString(first.resolve("kept"), "x");
        Files.writeString(first.resolve("other"), "x");
        first.clear(kept);
        first.release();
        try (OwnedFolder second = OwnedFolder.claim(path)) {
            assertThat(second.resolve("kept")).exists();
            assertThat(second.resolve("other")).doesNotExist();
        }
    }

    @Test
    void descriptorsThatComeAndGoDoNotDisturb() throws Exception {
        Path busy = Files.writeString(parent.resolve("busy"), "x");
        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<Void> others = CompletableFuture.runAsync(() -> openAndClose(busy, enough));
        for (int i = 0; i < 300; i++) {
            OwnedFolder.claim(parent.resolve("work")).close();
        }
        enough.set(true);
        others.get();
    }

    private static void openAndClose(Path file, AtomicBoolean enough) {
        while (!enough.get()) {
            try (InputStream in = Files.newInputStream(file)) {
                in.read();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }
}
