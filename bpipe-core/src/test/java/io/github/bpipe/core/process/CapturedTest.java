package io.github.bpipe.core.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CapturedTest {
    @Test
    void aProgramThatDoesNotReadItsInputSaysWhyItself() throws IOException {
        Captured answer = Captured.run(Command.of("sh", "-c", "echo no >&2; exit 3"), "x".repeat(1 << 20));
        assertThat(answer.status()).isEqualTo(3);
        assertThat(answer.stderr()).isEqualTo("no\n");
    }

    @Test
    void aSignalIsAStatus() throws IOException {
        assertThat(Captured.run(Command.of("sh", "-c", "kill -9 $$")).status()).isEqualTo(128 + 9);
    }

    @Test
    void aShortTextIsKeptWhole() {
        BoundedText text = new BoundedText();
        text.append("first\n");
        text.append("x".repeat(8000));
        text.append("last\n");
        assertThat(text).hasToString("first\n" + "x".repeat(8000) + "last\n");
    }

    @Test
    void aLongTextKeepsBeginningAndEnd() {
        BoundedText text = new BoundedText();
        text.append("first\n");
        for (int i = 0; i < 5000; i++) {
            text.append("line " + i + "\n");
        }
        text.append("last\n");
        assertThat(text.toString())
                .startsWith("first\nline 0\n")
                .contains("\n...\n")
                .endsWith("line 4999\nlast\n")
                .hasSizeLessThan(13_000);
    }

    @Test
    void aCommandNeverShowsItsEnvironment() {
        Command command = Command.of("/usr/bin/psql", "-X").withEnvironment("PGPASSWORD", "s3cret");
        assertThat(command).hasToString("/usr/bin/psql -X");
        assertThat(command.name()).isEqualTo("psql");
        assertThat(command.with(java.util.List.of("-q"))).hasToString("/usr/bin/psql -X -q");
    }
}
