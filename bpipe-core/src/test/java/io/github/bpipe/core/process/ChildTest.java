package io.github.bpipe.core.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ChildTest {
    @Test
    void handsOverAllOutputThenTheStatusAndStderr() throws IOException {
        Command command = Command.of("sh", "-c", "head -c 3000000 /dev/zero; echo sorry >&2; exit 7");
        try (Child child = Child.start(command)) {
            assertThat(child.stdout().readAllBytes()).hasSize(3_000_000);
            assertThat(child.await()).isEqualTo(7);
            assertThat(child.stderr()).isEqualTo("sorry\n");
        }
    }

    @Test
    void passesInputArgumentsAndEnvironmentVerbatim() throws IOException {
        Command command = new Command(
                "sh",
                List.of("-c", "cat; printf '%s|%s' \"$1\" \"$SECRET\"", "sh", " a \"b\" 'c' $d\u001f"),
                Map.of("SECRET", "s p"));
        Captured answer = Captured.run(command, "input\n");
        assertThat(answer.stdout()).isEqualTo("input\n a \"b\" 'c' $d\u001f|s p");
        assertThat(answer.status()).isZero();
        assertThat(command.toString()).doesNotContain("s p");
    }

    @Test
    void argumentsKeepTheirWhiteSpaceAndControlCharacters() throws IOException {
        Captured answer = Captured.run(new Command("printf", List.of("[%s]", "\u001f", " a ", "", "\n"), Map.of()));
        assertThat(answer.stdout()).isEqualTo("[\u001f][ a ][][\n]");
    }

    @Test
    void closingEarlyKillsTheProgram() throws IOException {
        Child child = Child.start(Command.of("sh", "-c", "exec sleep 1000"));
        assertThat(child.isAlive()).isTrue();
        child.close();
        assertThat(child.isAlive()).isFalse();
        assertThat(child.await()).isEqualTo(128 + 15);
    }

    @Test
    void closingKillsAProgramThatIgnoresTheTermSignal() throws IOException {
        Child child = Child.start(Command.of("sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done"));
        assertThat(child.stdout().read()).isEqualTo('r');
        child.close();
        assertThat(child.isAlive()).isFalse();
    }

    @Test
    void aProgramIsGoneAlsoWhereTheThreadThatClosesItIsInterrupted() throws IOException {
        for (int i = 0; i < 20; i++) {
            Child child = Child.start(Command.of("sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done"));
            child.stdout().read();
            Thread.currentThread().interrupt();
            child.close();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(ProcessHandle.of(child.pid())).isEmpty();
        }
    }

    @Test
    void manyErrorsAreDrainedAndBounded() throws IOException {
        Captured answer = Captured.run(
                Command.of("sh", "-c", "echo first >&2; head -c 5000000 /dev/zero | tr '\\0' x >&2; echo last >&2"));
        assertThat(answer.stderr()).startsWith("first\n").endsWith("last\n").hasSizeLessThan(20_000);
    }

    @Test
    void aMissingProgramIsNamed() {
        Failure failure = catchThrowableOfType(Failure.class, () -> Child.start(Command.of("/no/such/program")));
        assertThat(failure.exitCode()).isEqualTo(ExitCode.CLIENT);
        assertThat(failure).hasMessage("cannot run /no/such/program: No such file or directory");
    }
}
