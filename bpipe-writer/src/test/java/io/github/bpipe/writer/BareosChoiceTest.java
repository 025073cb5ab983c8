package io.github.bpipe.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.nio.file.Path;
import java.util.List;
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

    @ParameterizedTest
    @CsvSource({
        "/bpipe/drill, DRILL, ''",
        "/bpipe/into/cloud_copy/, INTO, cloud_copy",
        "'/bpipe/only/oc_cal*,sales.orders', ONLY, 'oc_cal*,sales.orders'",
    })
    void aReservedWhereIsASpecialRestoreAndNoFolder(String where, ReservedWhere.Word word, String argument)
            throws Failure {
        for (BareosChoice choice : List.of(
                BareosChoice.of(where, NOTHING, Map.of()),
                BareosChoice.of("%w", NOTHING, Map.of("BareosWhere", where)))) {
            assertThat(choice.reserved()).contains(new ReservedWhere(word, argument));
            assertThat(choice.folder()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/bpipe",
                "/bpipe/",
                "/tmp/../bpipe",
                "/bpipe/rehearse",
                "/bpipe/Drill",
                "/bpipe/drill/x",
                "/bpipe/into",
                "/bpipe/into/a/b",
                "/bpipe/into/..",
                "/bpipe/only",
            })
    void anUnknownReservedWhereIsRefused(String where) {
        Failure failure = catchThrowableOfType(Failure.class, () -> BareosChoice.of(where, NOTHING, Map.of()));
        assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(failure.hint()).contains("/bpipe/drill, /bpipe/into/NAME, /bpipe/only/TABLE[,TABLE...]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/bpiped", "/srv/bpipe/drill"})
    void aFolderThatOnlyLooksReservedIsAFolder(String where) throws Failure {
        assertThat(BareosChoice.of(where, NOTHING, Map.of()).folder()).contains(Path.of(where));
    }

    @Test
    void anEmptyNameAmongTablesIsRefused() throws Failure {
        ReservedWhere asked = BareosChoice.of("/bpipe/only/a,,b", NOTHING, Map.of())
                .reserved()
                .orElseThrow();
        assertThat(catchThrowableOfType(Failure.class, asked::tables).exitCode())
                .isEqualTo(ExitCode.USAGE);
    }
}
