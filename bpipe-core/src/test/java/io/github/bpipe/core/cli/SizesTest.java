package io.github.bpipe.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizesTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "999, 999 B",
        "1000, 1.0 kB",
        "1500, 1.5 kB",
        "99949, 99.9 kB",
        "99950, 100 kB",
        "999499, 999 kB",
        "999500, 1.0 MB",
        "123456789, 123 MB",
        "9223372036854775807, 9.2 EB"
    })
    void isReadable(long bytes, String text) {
        assertThat(Sizes.text(bytes)).isEqualTo(text);
    }
}
