package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.testkit.AwkwardSqlite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows out of a stream of SQLite are those of the file. */
class ExtractSqliteIT {
    @TempDir
    private Path folder;

    private Path live;
    private byte[] stream;

    @BeforeEach
    void dump() throws IOException {
        live = folder.resolve("live.db");
        AwkwardSqlite.create(live);
        AwkwardSqlite.sql(
                live,
                "CREATE TABLE anything (a)",
                "INSERT INTO anything VALUES (1e999), (-1e999), (-0.0), (1e-300), (x''), (''), ('NULL'), (NULL), ('a' ||"
                        + " char(0) || 'b'), (9223372036854775807), (1e15), (123456789.125)");
        Path file = folder.resolve("stream");
        assertThat(Installed.reader("--engine", "sqlite", "--database", live.toString(), "--output", file.toString())
                        .status())
                .isZero();
        stream = Files.readAllBytes(file);
    }

    @Test
    void theStatementsMakeTheSameRowsInEveryTable() {
        List<String> tables = sqlite(
                        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'docs_%' AND"
                                + " name NOT LIKE 'boxes_%' AND name NOT LIKE 'sqlite_%'")
                .lines()
                .toList();
        assertThat(tables).hasSizeGreaterThan(10);
        for (String table : tables) {
            String quoted = "\"" + table.replace("\"", "\"\"") + "\"";
            Path copy = folder.resolve("copy.db");
            assertThat(Installed.shell("cp '" + live + "' '" + copy + "'").status())
                    .isZero();
            AwkwardSqlite.sql(copy, "DROP TRIGGER watch", "DELETE FROM " + quoted);
            for (String statement : extract(table, "sql").split("(?<=;)\n")) {
                if (!statement.isBlank()) {
                    AwkwardSqlite.sql(copy, statement);
                }
            }
            AwkwardSqlite.sql(copy, "CREATE TABLE done (x)");
            String columns = Arrays.stream(
                            sqlite("SELECT name FROM pragma_table_info('" + table.replace("'", "''") + "')")
                                    .split("\n"))
                    .flatMap(column -> Stream.of("\"" + column + "\"", "typeof(\"" + column + "\")"))
                    .collect(Collectors.joining(", "));
            String rows = "SELECT " + columns + " FROM %s." + quoted;
            for (String[] pair : new String[][] {{"main", "c"}, {"c", "main"}}) {
                assertThat(sqlite("ATTACH '" + copy + "' AS c; SELECT count(*) FROM (" + rows.formatted(pair[0])
                                + " EXCEPT " + rows.formatted(pair[1]) + ")"))
                        .as(table)
                        .isEqualTo("0\n");
            }
        }
    }

    @Test
    void csvAndJsonTellTypesApart() {
        assertThat(extract("anything", "csv")).isEqualTo("""
                a
                Infinity
                -Infinity
                -0.0
                1.0E-300
                \\x
                ""
                NULL

                a\0b
                9223372036854775807
                1.0E15
                1.23456789125E8
                """);
        assertThat(extract("anything", "json")).isEqualTo("""
                [
                {"a":"Infinity"},
                {"a":"-Infinity"},
                {"a":-0.0},
                {"a":1.0E-300},
                {"a":""},
                {"a":""},
                {"a":"NULL"},
                {"a":null},
                {"a":"a\\u0000b"},
                {"a":9223372036854775807},
                {"a":1.0E15},
                {"a":1.23456789125E8}
                ]
                """);
        assertThat(extract("docs", "csv")).isEqualTo("title,body\none,the quick brown fox\nthree,fox\n");
    }

    @Test
    void aCutStreamIsRefusedAndNothingIsLeftInTheTemporaryFolder() throws IOException {
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        Installed.Answer answer = Installed.run(
                Installed.WRITER,
                Arrays.copyOf(stream, stream.length - 5),
                Map.of("JDK_JAVA_OPTIONS", "-Djava.io.tmpdir=" + temporary),
                "extract",
                "anything");
        assertThat(answer.status()).as(answer.err()).isEqualTo(ExitCode.TRUNCATED_STREAM.code());
        assertThat(answer.out()).isEmpty();
        assertThat(temporary).isEmptyDirectory();
    }

    private String extract(String table, String format) {
        Installed.Answer answer = Installed.writer(stream, "extract", "--format", format, "--", table);
        assertThat(answer.status()).as(table + ": " + answer.err()).isZero();
        return answer.text();
    }

    private String sqlite(String sql) {
        return Installed.shell("sqlite3 '" + live + "' <<'END'\n" + sql + ";\nEND")
                .text();
    }
}
