package io.github.bpipe.writer;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Standard output for what was asked for: buffered, and a failure to write says so. */
final class Payload {
    private static final int BUFFER_BYTES = 64 << 10;

    private Payload() {}

    static OutputStream of(OutputStream out) {
        return new BufferedOutputStream(
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        write(new byte[] {(byte) b}, 0, 1);
                    }

                    @Override
                    public void write(byte[] bytes, int from, int count) throws IOException {
                        try {
                            out.write(bytes, from, count);
                        } catch (IOException e) {
                            throw new Failure(
                                    ExitCode.OUTPUT,
                                    "writing to stdout failed: " + e.getMessage(),
                                    "look for a full disk, or for a receiver that ended early",
                                    e);
                        }
                    }
                },
                BUFFER_BYTES);
    }
}
