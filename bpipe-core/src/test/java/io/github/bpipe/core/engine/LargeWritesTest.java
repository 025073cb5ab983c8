package io.github.bpipe.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.process.Captured;
import io.github.bpipe.core.process.Child;
import io.github.bpipe.core.process.Command;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class LargeWritesTest {
    private static final int PIPE_BYTES = 64 << 10;

    /** The kernel fills an empty pipe by one write without letting a reader in between. */
    @Test
    void aProgramFillsThePipeWithEachWrite() throws IOException {
        try (Child child = Child.start(LargeWrites.wrap(Command.of("seq", "1", "100000")))) {
            child.stdin().close();
            assertThat(child.stdout().read(new byte[PIPE_BYTES])).isEqualTo(PIPE_BYTES);
        }
    }

    @Test
    void statusArgumentsAndOutputStayWhatTheyAre() throws IOException {
        Command command = Command.of("sh", "-c", "printf '%s|' \"$@\" \"$NAME\"; exit 7", "sh", " a ", "", "--output=1")
                .withEnvironment("NAME", "value");
        assertThat(Captured.run(LargeWrites.wrap(command))).isEqualTo(new Captured(7, " a ||--output=1|value|", ""));
    }

    @Test
    void aMachineWithoutTheProgramDumpsAllTheSame() {
        Command command = Command.of("seq", "1");
        assertThat(LargeWrites.wrap(command, List.of())).isEqualTo(command);
    }
}
