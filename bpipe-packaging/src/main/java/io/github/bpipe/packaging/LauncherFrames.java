package io.github.bpipe.packaging;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.stream.Abort;
import io.github.bpipe.core.stream.StreamEncoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * What the launcher of {@code bpipe-reader} writes to stdout where no Java can write it: the abort frame. A shell cannot
 * compute its CRC32C, so the whole frame is made when the toolkit is built.
 */
enum LauncherFrames {
    NO_JAVA("no-java", "no Java was found on the machine of the reader"),
    OLD_JAVA("old-java", "the Java on the machine of the reader is older than 17");

    private static final String HINT =
            "install a Java runtime of version 17 or newer, or point JAVA_HOME at one in the daemon's environment";

    private final String fileName;
    private final String reason;

    LauncherFrames(String fileName, String reason) {
        this.fileName = fileName;
        this.reason = reason;
    }

    String fileName() {
        return fileName;
    }

    byte[] bytes() throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        try (StreamEncoder encoder = new StreamEncoder(frame, 1, 1, () -> {})) {
            encoder.abort(new Abort(ExitCode.NO_JAVA.code(), reason, HINT));
        }
        return frame.toByteArray();
    }
}
