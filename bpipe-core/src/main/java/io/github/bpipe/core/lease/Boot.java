package io.github.bpipe.core.lease;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which start of the machine this is; see random(4). */
final class Boot {
    private static final Path ID = Path.of("/proc/sys/kernel/random/boot_id");

    private Boot() {}

    static String id() {
        try {
            return Files.readString(ID).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
