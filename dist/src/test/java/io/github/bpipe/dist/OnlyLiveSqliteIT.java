package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.testkit.AwkwardSqlite;
import io.github.bpipe.testkit.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Single tables exchanged in a live SQLite database. */
@Timeout(120)
class OnlyLiveSqliteIT {
    @TempDir
    private Path folder;

    @Test
    void tablesOfSqliteAreExchangedInOneTransaction() throws IOException {
        Path file = folder.resolve("live.db");
        AwkwardSqlite.create(file);
        AwkwardSqlite.sql(
                file,
                "CREATE TABLE counted (id INTEGER PRIMARY KEY AUTOINCREMENT, v)",
                "INSERT INTO counted (v) VALUES (1), (2)",
                "DELETE FROM counted WHERE id = 2",
                "CREATE TABLE child (k INTEGER REFERENCES counted (id))");
        Map<String, String> dumped = contents(file);
        assertThat(Installed.shell("$READER --engine sqlite --database " + file + " > " + folder + "/stream")
                        .status())
                .isZero();
        AwkwardSqlite.sql(
                file,
                "DELETE FROM gaps WHERE rowid > 3",
                "DROP TRIGGER watch",
                "DELETE FROM keyed",
                "INSERT INTO counted (v) VALUES (3)",
                "INSERT INTO log VALUES ('later')",
                "DROP INDEX on_expression",
                "DROP VIEW \"view on view\"");
        Map<String, String> live = contents(file);
        Installed.Answer answer = exchange("gaps|keyed|counted|gen", "");
        assertThat(answer.status()).as(answer.err()).isZero();
        OnlyLiveIT.assertOnly(contents(file), "gaps|keyed|counted|gen", dumped, live);
        assertThat(sqlite(file, "INSERT INTO counted (v) VALUES (9) RETURNING id"))
                .isEqualTo("3");
        assertThat(sqlite(file, "PRAGMA integrity_check")).isEqualTo("ok");
        Path former = folder.resolve("live.db.bpipe-old-tables");
        assertThat(sqlite(former, "SELECT max(rowid) FROM gaps")).isEqualTo("2");

        Installed.Answer kept = exchange("gaps", "");
        assertThat(kept.status()).isEqualTo(ExitCode.TARGET.code());
        Files.delete(former);
        assertThat(exchange("docs", "").err()).contains("virtual tables cannot be exchanged");
        AwkwardSqlite.sql(
                file,
                "INSERT INTO child VALUES (3)",
                "ALTER TABLE counted ADD COLUMN more",
                "CREATE VIEW uses AS SELECT more FROM counted");
        Installed.Answer broken = exchange("counted", "");
        assertThat(broken.status()).isEqualTo(ExitCode.UNSUITABLE.code());
        assertThat(broken.err())
                .contains("the view uses cannot work with them")
                .contains("1 rows of child to counted refer to rows that are not there");
        assertThat(former).doesNotExist();
        assertThat(sqlite(file, "SELECT count(more) FROM uses")).isEqualTo("0");
        Installed.Answer accepted = exchange("counted", "--ignore-dependents --no-keep");
        assertThat(accepted.status()).isZero();
        assertThat(accepted.err()).contains("warning: the restored tables do not fit the rest: the view uses");
    }

    private Installed.Answer exchange(String tables, String options) {
        return Installed.shell(
                "$WRITER --only '" + tables.replace('|', ',') + "' " + options + " < " + folder + "/stream");
    }

    /** Definitions and rows, with their rowids. */
    private static Map<String, String> contents(Path file) {
        Map<String, String> contents = new TreeMap<>();
        for (String name : sqlite(file, "SELECT type || ' ' || tbl_name || '.' || name FROM sqlite_schema")
                .lines()
                .toList()) {
            String object = name.substring(name.indexOf('.') + 1);
            contents.put(
                    name,
                    sqlite(file, "SELECT sql FROM sqlite_schema WHERE name = '" + object.replace("'", "''") + "'"));
        }
        for (String table : List.of("gaps", "counted", "gen", "log", "MixedCase", "\"select\"")) {
            contents.put("rows " + table, sqlite(file, "SELECT rowid, * FROM " + table + " ORDER BY rowid"));
        }
        contents.put("rows keyed", sqlite(file, "SELECT * FROM keyed"));
        return contents;
    }

    private static String sqlite(Path file, String sql) {
        return Programs.run("sqlite3", file.toString(), sql).orFail().strip();
    }
}
