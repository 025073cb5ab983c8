package io.github.bpipe.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BareosChoiceTest {
    private static final String NOTHING = null;

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            emptyValue = "",
            value = {
                // option, environment, folder
                "-,    -,      -",
                "'',   -,      -",
                "/,    -,      -",
                "-,    '',     -",
                "-,    /,      -",
                "%w,   -,      -",
                "/tmp/x, -,    /tmp/x",
                "/tmp/x/, -,   /tmp/x",
                "/tmp/x, /tmp/y, /tmp/x",
                "%w,   /tmp/y, /tmp/y",
                "-,    /tmp/y, /tmp/y",
                "'',   /tmp/y, -",
            })
    void whereComesFromTheOptionOrElseFromTheEnvironment(String option, String variable, Path folder) throws Failure {
        Map<String, String> environment = variable == null ? Map.of() : Map.of("BareosWhere", variable);
        assertThat(BareosChoice.of(option, NOTHING, environment).folder().orElse(null))
                .isEqualTo(folder);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            emptyValue = "",
            value = {
                // option, environment, replaces, undecidable
                "-,     -,   true,  -",
                "%r,    -,   true,  -",
                "%r,    ' ', true,  -",
                "a,     n,   true,  -",
                "always, -,  true,  -",
                "n,     a,   false, -",
                "%r,    n,   false, -",
                "-,     w,   false, w",
                "o,     -,   false, o",
            })
    void replaceComesFromTheOptionOrElseFromTheEnvironment(
            String option, String variable, boolean replaces, String undecidable) throws Failure {
        Map<String, String> environment = variable == null ? Map.of() : Map.of("BareosReplace", variable);
        BareosChoice choice = BareosChoice.of(NOTHING, option, environment);
        assertThat(choice.replaceExisting()).isEqualTo(replaces);
        assertThat(choice.undecidable().orElse(null)).isEqualTo(undecidable);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "A", "newest"})
    void anUnknownReplaceIsRefused(String replace) {
        Failure failure = catchThrowableOfType(Failure.class, () -> BareosChoice.of(NOTHING, replace, Map.of()));
        assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void aRelativeWhereIsRefused() {
        Failure failure = catchThrowableOfType(Failure.class, () -> BareosChoice.of("tmp", NOTHING, Map.of()));
        assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
    }
}
