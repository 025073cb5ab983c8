package io.github.bpipe.config.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bpipe.core.error.Failure;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DaemonWordsTest {
    @Test
    void splitsAtSpacesOnlyAndQuotesCountOnlyAtTheBeginningOfAWord() {
        assertThat(DaemonWords.split("/bin/x  'a b' \"c 'd\" e'f g' --o='h i' '' = $H *{}#"))
                .containsExactly("/bin/x", "a b", "c 'd", "e'f", "g'", "--o='h", "i'", "", "=", "$H", "*{}#");
        assertThat(DaemonWords.split("x\ty \\n 'open")).containsExactly("x\ty", "\\n", "open");
        assertThat(DaemonWords.split("")).isEmpty();
    }

    @Test
    void joinedWordsAreSplitIntoThemselves() throws Failure {
        List<String> words =
                List.of("/bin/x", "", "a b", "it's", "it's so", "'quoted'", "\"", "a\"b", "$H;|", "--a=b c");
        assertThat(DaemonWords.split(DaemonWords.join(words))).isEqualTo(words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"both ' and \" here", "line\nbreak", "tab\there", "nul\0"})
    void refusesWhatNoQuotingExpresses(String word) {
        assertThatThrownBy(() -> DaemonWords.join(List.of("/bin/x", word)))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("cannot hold");
    }

    @Test
    void refusesMoreWordsThanTheDaemonPassesOn() throws Failure {
        assertThat(DaemonWords.join(Collections.nCopies(98, "w"))).hasSize(98 * 2 - 1);
        assertThatThrownBy(() -> DaemonWords.join(Collections.nCopies(99, "w")))
                .hasMessageContaining("a command of 99 words, the daemon takes 98");
    }
}
