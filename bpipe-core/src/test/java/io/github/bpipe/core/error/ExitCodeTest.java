package io.github.bpipe.core.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ExitCodeTest {
    @Test
    void everyCodeIsItsOwn() {
        assertThat(Arrays.stream(ExitCode.values()).map(ExitCode::code)).doesNotHaveDuplicates();
    }

    @Test
    void noneBelongsToAShellOrToTheFileDaemon() {
        assertThat(Arrays.stream(ExitCode.values()).map(ExitCode::code))
                .allMatch(code -> code >= 0 && code < 126)
                .contains(0);
    }

    @Test
    void everyCodeIsExplainedInOneSentence() {
        assertThat(Arrays.stream(ExitCode.values()).map(ExitCode::meaning))
                .doesNotHaveDuplicates()
                .allMatch(meaning -> Character.isLowerCase(meaning.charAt(0)) && !meaning.endsWith("."));
    }
}
