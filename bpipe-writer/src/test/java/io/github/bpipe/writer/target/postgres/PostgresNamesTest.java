package io.github.bpipe.writer.target.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bpipe.core.error.Failure;
import io.github.bpipe.testkit.ThrowawayPostgres;
import io.github.bpipe.writer.target.SwitchReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresNamesTest {
    private final PostgresDatabases bench = new PostgresDatabases(ThrowawayPostgres.shared());

    @AfterEach
    void drop() {
        bench.dropAll();
    }

    @Test
    void shortNamesAreReadable() throws Failure {
        assertThat(PostgresNames.of("nextcloud"))
                .isEqualTo(new PostgresNames(
                        "nextcloud", "nextcloud__bpipe_new", "nextcloud__bpipe_old", "nextcloud__bpipe_gone"));
    }

    @Test
    void longNamesAreCutAtACharacterAndStayApart() throws Failure {
        PostgresNames one = PostgresNames.of("ü".repeat(31) + "x");
        PostgresNames other = PostgresNames.of("ü".repeat(31) + "y");

        assertThat(one.staged().getBytes(StandardCharsets.UTF_8)).hasSizeBetween(62, 63);
        assertThat(one.staged()).startsWith("üüü").endsWith("__bpipe_new").isNotEqualTo(other.staged());
        assertThat(one.former()).endsWith("__bpipe_old").isNotEqualTo(other.former());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgres",
                "template0",
                "template1",
                "",
                "nextcloud__bpipe_new",
                "nextcloud__bpipe_old",
                "nextcloud__bpipe_gone",
                "0123456789012345678901234567890123456789012345678901234567890123"
            })
    void namesThatMustNotBeRecreatedAreRefused(String name) {
        assertThatThrownBy(() -> PostgresNames.of(name)).isInstanceOf(Failure.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Up Per",
                "dou\"ble",
                "sin'gle",
                "back\\slash",
                "a b=c",
                "semi;colon",
                ":var",
                "ends ",
                "Ünïcode 😀",
                "cut_to_63_bytes_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            })
    void databasesOfAwkwardNamesAreReplaced(String rest) throws IOException {
        String name = bench.name(rest);
        name = name.substring(0, Math.min(name.length(), PostgresNames.MAX_BYTES));
        bench.live(name.substring(bench.name("").length()), 5, "old");

        SwitchReport report = bench.restore(HandMadeStream.ofTable(name, 3, "new"), null);

        assertThat(bench.rows(name)).isEqualTo("3 new");
        assertThat(report.former()).isEqualTo(PostgresNames.of(name).former());
        assertThat(bench.rows(report.former())).isEqualTo("5 old");
        assertThat(bench.databasesLike(bench.name(""))).hasSize(2);
    }
}
