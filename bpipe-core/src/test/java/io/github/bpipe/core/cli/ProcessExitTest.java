package io.github.bpipe.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ProcessExitTest {
    private static final int KILLED = 128 + 9;

    @Test
    @Timeout(60)
    void theStatusOfASignalIsNotOvertaken() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LateExit.class.getName())
                .inheritIO()
                .start();
        try {
            assertThat(process.waitFor())
                    .as("a status of its own: " + LateExit.STATUS)
                    .isEqualTo(KILLED);
        } finally {
            process.destroyForcibly();
        }
    }
}
