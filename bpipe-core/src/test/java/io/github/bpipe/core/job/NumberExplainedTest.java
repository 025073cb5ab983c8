package io.github.bpipe.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumberExplainedTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "268435460 | exit code 4: a file exists already with other contents and was not replaced",
                "13 | exit code 13: the account lacks a privilege",
                "268435711 | exit code 255: the daemon could not run the program",
                "268435664 | exit code 208: the daemon could not run the program: it does not exist (ENOENT)",
                "200 | exit code 200: the daemon could not run the program: the daemon's user may not execute it (EACCES)",
                "134217737 | the program was ended by signal 9 (SIGKILL)",
                "134217743 | the program was ended by signal 15 (SIGTERM)",
                "143 | exit code 143: the program was ended by signal 15 (SIGTERM)",
                "127 | exit code 127: a shell did not find the program"
            })
    void numbersOfTheJobLogAreDecoded(long number, String meaning) {
        assertThat(NumberExplained.of(number)).isEqualTo(meaning);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 99, 256, 134217728, 134217800, 268435712, 1L << 40})
    void otherNumbersMeanNothing(long number) {
        assertThat(NumberExplained.of(number)).isNull();
    }

    @Test
    void zeroIsGood() {
        assertThat(NumberExplained.of(0)).isEqualTo("exit code 0: everything was done");
    }
}
