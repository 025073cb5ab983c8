package io.github.bpipe.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TroffTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                ".so /etc/passwd|\\&.so /etc/passwd",
                "'br|\\(aqbr",
                "C:\\new|C:\\enew",
                "--into=NAME|\\-\\-into=NAME",
                "`date` ~ ^|\\(gadate\\(ga \\(ti \\(ha"
            })
    void nothingThatATextHoldsBecomesARequest(String text, String line) {
        assertThat(new Troff().text(text)).hasToString(line + "\n");
    }

    @Test
    void aTitleKeepsItsWordsTogether() {
        assertThat(new Troff().title("a-b", 1, "2026-01-02", "the \"tool\" 1.0", "manual"))
                .hasToString(".TH \"A\\-B\" 1 2026-01-02 \"the \\(dqtool\\(dq 1.0\" \"manual\"\n");
    }
}
