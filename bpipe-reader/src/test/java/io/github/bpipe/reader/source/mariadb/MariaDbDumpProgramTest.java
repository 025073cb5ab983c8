package io.github.bpipe.reader.source.mariadb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.MariaDbNamePattern;
import io.github.bpipe.core.engine.MariaDbVersion;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MariaDbDumpProgramTest {
    private static final MariaDbVersion MARIADB = MariaDbVersion.ofServer("10.11.6-MariaDB-0+deb12u1");
    private static final MariaDbVersion MYSQL = MariaDbVersion.ofServer("8.0.36-0ubuntu0.22.04.1");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mariadb-dump  Ver 10.19 Distrib 10.11.19-MariaDB, for debian-linux-gnu (x86_64) | MARIADB | 10.11",
                "mysqldump  Ver 10.19 Distrib 10.3.39-MariaDB, for debian-linux-gnu (x86_64)     | MARIADB | 10.3",
                "mariadb-dump from 11.4.2-MariaDB, client 10.19 for debian-linux-gnu (x86_64)    | MARIADB | 11.4",
                "mysqldump  Ver 8.0.36 for Linux on x86_64 (MySQL Community Server - GPL)        | MYSQL   | 8.0",
                "mysqldump  Ver 10.13 Distrib 5.7.44, for Linux (x86_64)                         | MYSQL   | 5.7",
                "/usr/bin/mysqldump  Ver 8.4.3 for Linux on aarch64 (Source distribution)        | MYSQL   | 8.4",
            })
    void programsTellTheirVersion(String printed, Engine family, String release) {
        MariaDbVersion version = MariaDbVersion.ofProgram(printed);
        assertThat(version.family()).isEqualTo(family);
        assertThat(version.release()).isEqualTo(release);
    }

    @Test
    void serversTellTheirVersion() {
        assertThat(MARIADB.family()).isEqualTo(Engine.MARIADB);
        assertThat(MariaDbVersion.ofServer("5.5.5-10.6.12-MariaDB-log").release())
                .isEqualTo("10.6");
        assertThat(MYSQL.family()).isEqualTo(Engine.MYSQL);
        assertThat(MYSQL.atLeast(8, 0)).isTrue();
        assertThat(MYSQL.atLeast(8, 1)).isFalse();
        assertThat(MariaDbVersion.ofServer("PostgreSQL 15")).isNull();
    }

    @Test
    void eachFamilyGetsItsOwnOptions() {
        assertThat(MariaDbDumpProgram.options(MYSQL, false))
                .contains("--single-transaction", "--set-gtid-purged=OFF", "--column-statistics=0")
                .doesNotContain("--dump-history", "--skip-dump-history");
        assertThat(MariaDbDumpProgram.options(MariaDbVersion.ofServer("5.7.44"), false))
                .contains("--set-gtid-purged=OFF")
                .doesNotContain("--column-statistics=0");
        assertThat(MariaDbDumpProgram.options(MARIADB, true))
                .contains("--dump-history", "--no-tablespaces")
                .noneMatch(option -> option.contains("gtid") || option.contains("column-statistics"));
        assertThat(MariaDbDumpProgram.options(MARIADB, false)).contains("--skip-dump-history");
        assertThat(MariaDbDumpProgram.options(MariaDbVersion.ofServer("10.6.1-MariaDB"), false))
                .noneMatch(option -> option.contains("dump-history"));
        assertThat(MariaDbDumpProgram.options(MYSQL, false))
                .noneMatch(option -> option.contains("databases") || option.contains("drop-database=1"));
    }

    @Test
    void programsThatAreTooOldOrOfTheOtherFamily() {
        assertThat(MariaDbDumpProgram.refusal(MARIADB, MARIADB)).isNull();
        assertThat(MariaDbDumpProgram.refusal(MARIADB, MYSQL)).isNull();
        assertThat(MariaDbDumpProgram.refusal(MYSQL, MYSQL)).isNull();
        assertThat(MariaDbDumpProgram.refusal(MYSQL, MARIADB)).contains("MySQL's");
        assertThat(MariaDbDumpProgram.refusal(MariaDbVersion.ofServer("10.2.9-MariaDB"), MARIADB))
                .contains("10.3");
        assertThat(MariaDbDumpProgram.refusal(MariaDbVersion.ofServer("5.6.51"), MYSQL))
                .contains("5.7");
    }

    @Test
    void harmfulDefaultsAreFoundByName() {
        Set<String> names = MariaDbDumpProgram.defaultOptions("""
                mysqldump would have been started with the following arguments:
                --user=u --password=p--where --loose-Ignore_Table=a.b --no-dat --quick
                """);
        assertThat(names).containsExactlyInAnyOrder("user", "password", "ignore-table", "no-dat", "quick");
        assertThatThrownBy(() -> MariaDbDumpProgram.requireHarmless(names))
                .hasMessageEndingWith("ignore-table, no-dat");
        assertThatCode(() -> MariaDbDumpProgram.requireHarmless(Set.of(
                        "user", "password", "host", "port", "socket", "quick", "skip-opt", "ssl-ca", "compress")))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"a_b,axb,true", "a\\_b,axb,false", "a\\_b,a_b,true", "%,x,true", "a%,ba,false", "a.b,axb,false"})
    void grantsMatchDatabasesByPattern(String pattern, String name, boolean matches) {
        assertThat(MariaDbNamePattern.matches(pattern, name)).isEqualTo(matches);
    }
}
