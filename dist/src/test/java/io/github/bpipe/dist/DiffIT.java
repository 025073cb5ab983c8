package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.testkit.AwkwardMariaDb;
import io.github.bpipe.testkit.AwkwardPostgres;
import io.github.bpipe.testkit.AwkwardSqlite;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import io.github.bpipe.testkit.ThrowawayPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stream beside the live database that it was made from: no difference at first, and each change by its name. */
class DiffIT {
    private static final String NAME = "diff it";
    private static final ThrowawayMariaDb MARIADB = ThrowawayMariaDb.shared();
    private static final ThrowawayPostgres POSTGRES = ThrowawayPostgres.shared();

    @TempDir
    private Path folder;

    @AfterEach
    void drop() {
        for (String name : List.of(NAME, NAME + " copy")) {
            MARIADB.sql("", "DROP DATABASE IF EXISTS `" + name + "`");
            AwkwardPostgres.drop(POSTGRES, name);
        }
        AwkwardPostgres.dropRoles(POSTGRES);
    }

    @Test
    void changesOfMariaDbAreNamed() throws IOException {
        AwkwardMariaDb.create(MARIADB, NAME);
        String connection = " --socket=" + MARIADB.socket() + " --user=root";
        Path stream = dump("--engine mariadb --database '" + NAME + "'" + connection);
        assertThat(diff(stream, connection)).isEmpty();
        // the same under another name
        assertThat(Installed.shell("$WRITER --into '" + NAME + " copy'" + connection + " < " + stream)
                        .status())
                .isZero();
        assertThat(diff(stream, connection + " --engine mariadb --database '" + NAME + " copy'"))
                .isEmpty();

        MARIADB.sql(
                NAME,
                "INSERT INTO parent VALUES (3, NULL, NULL); DROP TABLE period; CREATE TABLE added (x int); ALTER TABLE types"
                        + " ADD more int; DROP TRIGGER first; DROP PROCEDURE `look alike`; CREATE PROCEDURE `look alike`()"
                        + " SELECT 1; DELETE HISTORY FROM versioned; CREATE OR REPLACE VIEW `base view` AS SELECT 1 AS id, 2"
                        + " AS `value`, 3 AS n; ALTER TABLE `empty` AUTO_INCREMENT = 5000");
        assertThat(diff(stream, connection))
                .containsExactly(
                        "only in the stream: table period",
                        "only in the stream: trigger first",
                        "only live: table added",
                        "table parent: 2 rows in the stream, 3 live",
                        "table versioned: 3 rows in the stream, 1 live",
                        "another definition: procedure look alike",
                        "another definition: table types",
                        "another definition: view base view");
    }

    @Test
    void changesOfPostgresAreNamed() throws IOException {
        AwkwardPostgres.create(POSTGRES, NAME);
        String connection =
                " --socket=" + POSTGRES.socketFolder() + " --user=postgres --clients=" + POSTGRES.programs();
        Path stream = dump("--engine postgresql --database '" + NAME + "'" + connection);
        assertThat(diff(stream, connection)).isEmpty();

        POSTGRES.sql(
                NAME,
                "SET search_path = public; INSERT INTO \"select\" VALUES (5, 'x', 'y'); DROP TABLE empty_table CASCADE;"
                        + " CREATE TABLE added (x integer); ALTER TABLE typed ADD more integer; CREATE OR REPLACE FUNCTION"
                        + " looks_like_a_dump() RETURNS text LANGUAGE sql AS 'SELECT 1::text'");
        assertThat(diff(stream, connection))
                .contains(
                        "only in the stream: table public.empty_table",
                        "only live: table public.added",
                        "table public.\"select\": 2 rows in the stream, 3 live",
                        "another definition: CREATE TABLE public.typed",
                        "another definition: CREATE FUNCTION public.looks_like_a_dump");
    }

    @Test
    void changesOfSqliteAreNamed() throws IOException {
        Path live = folder.resolve("live.db");
        AwkwardSqlite.create(live);
        Path stream = dump("--engine sqlite --database " + live);
        assertThat(diff(stream, "")).isEmpty();

        AwkwardSqlite.sql(
                live,
                "INSERT INTO log VALUES ('x')",
                "DROP INDEX \"an index\"",
                "CREATE TABLE added (x)",
                "ALTER TABLE empty_one ADD b",
                "DELETE FROM gaps WHERE v = 'row 1'");
        assertThat(diff(stream, ""))
                .containsExactly(
                        "only in the stream: index an index",
                        "only live: table added",
                        "table gaps: 334 rows in the stream, 333 live",
                        "table log: 3 rows in the stream, 4 live",
                        "another definition: table empty_one");
        Installed.Answer json = Installed.writer(Files.readAllBytes(stream), "diff", "--json");
        assertThat(json.status()).isEqualTo(ExitCode.FINDINGS.code());
        assertThat(json.text()).contains("\"onlyLive\" : [ \"table added\" ]").contains("\"live\" : 333");

        Files.delete(live);
        assertThat(Installed.writer(Files.readAllBytes(stream), "diff").status())
                .isEqualTo(ExitCode.NO_DATABASE.code());
    }

    private Path dump(String options) {
        Path file = folder.resolve("stream");
        Installed.Answer dump = Installed.shell("$READER " + options + " > " + file);
        assertThat(dump.status()).as(dump.err()).isZero();
        return file;
    }

    /** The lines; the exit status says whether there are any. */
    private static List<String> diff(Path stream, String options) {
        Installed.Answer answer = Installed.shell("$WRITER diff" + options + " < " + stream);
        List<String> lines = answer.text().lines().toList();
        assertThat(answer.err()).isEmpty();
        assertThat(answer.status()).as(answer.text()).isEqualTo(lines.isEmpty() ? 0 : ExitCode.FINDINGS.code());
        return lines;
    }
}
