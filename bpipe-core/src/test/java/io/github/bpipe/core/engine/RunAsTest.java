package io.github.bpipe.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.process.Captured;
import io.github.bpipe.core.process.Command;
import io.github.bpipe.testkit.Programs;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class RunAsTest {
    private static final Command WHO =
            Command.of("sh", "-c", "id -un; id -g; echo \"$HOME $USER $LOGNAME $KEPT\"; kill -9 $$");

    @Test
    void anotherUserIsOneWithIdGroupAndHome() throws IOException {
        // its group has another name than the user (nogroup)
        String user = "sync";
        Command wrapped = RunAs.wrap(WHO.withEnvironment("KEPT", "kept"), user);
        if (!Programs.root()) {
            assertThat(wrapped.program()).isEqualTo("setpriv");
            return;
        }
        String group = Programs.run("id", "-g", user).orFail();
        Captured answer = Captured.run(wrapped);
        assertThat(answer.stderr()).isEmpty();
        assertThat(answer.stdout()).isEqualTo(user + "\n" + group + "/bin sync sync kept\n");
        // the program's own end, not that of a wrapper
        assertThat(answer.status()).isEqualTo(128 + 9);
    }

    @Test
    void ourselvesNeedNoWrapping() throws IOException {
        assertThat(RunAs.wrap(WHO, null)).isSameAs(WHO);
        assertThat(RunAs.wrap(WHO, System.getProperty("user.name"))).isSameAs(WHO);
    }

    @Test
    void anUnknownUserIsNamed() {
        Failure failure = catchThrowableOfType(Failure.class, () -> RunAs.wrap(WHO, "no-such-user"));
        assertThat(failure).hasMessage("no operating-system user no-such-user");
        assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
    }
}
