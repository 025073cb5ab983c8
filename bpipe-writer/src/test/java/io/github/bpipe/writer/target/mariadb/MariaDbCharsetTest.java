package io.github.bpipe.writer.target.mariadb;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.sql.MySqlTokenizer;
import io.github.bpipe.testkit.MariaDbFingerprint;
import io.github.bpipe.writer.target.TargetOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows that are handed over as bytes arrive as the text that they were, in every character set of the server. */
@Timeout(120)
class MariaDbCharsetTest extends MariaDbCase {
    /** Among them characters whose second byte is a backslash or a quote in some Asian character set. */
    private static final List<String> TEXTS = List.of(
            "",
            "plain",
            "quote ' \" ` backslash \\ percent % zero \0 newline \n return \r tab \t end \u001a",
            "\u00e4\u00f6\u00fc \u00df \u20ac",
            "\u4e2d\u6587 \u8868 \u30bd \u80fd \u529f \u8a31 \u84cb",
            "\u0416\u0438\u0437\u043d\u044c \u03b3\u03bb\u03ce\u03c3\u03c3\u03b1 \u0e01\u0e02 \u05e9\u05dc\u05d5\u05dd",
            "\ud83d\ude00 \ud83c\uddea\ud83c\uddfa e\u0301",
            "trailing blanks   ");

    private static final String OTHER_TYPES = """
            CREATE TABLE `\u00e4 types` (id int PRIMARY KEY AUTO_INCREMENT, a uuid, b inet4, c inet6, d geometry, e bit(12), f year,
              g json, h varbinary(20), i binary(5), j blob, k enum('\u00e4','\u00f6''','x\\\\y'), l set('\u00e4','b'), m char(7),
              n varchar(20) GENERATED ALWAYS AS (concat(u, '\u00e4')) STORED, o text COMPRESSED, p date, q time(3), r datetime(6), s double,
              t decimal(20,5), u varchar(10) CHARACTER SET latin1);
            INSERT INTO `\u00e4 types` (a, b, c, d, e, f, g, h, i, j, k, l, m, o, p, q, r, s, t, u) VALUES
              ('123e4567-e89b-12d3-a456-426655440000', '10.0.0.1', '::ffff:1.2.3.4', POINT(1, 2), b'101', 1999, '{"\u00e4": "\u4e2d"}',
               '\u00e4\\0', 'ab', '\u00f6\\\\', '\u00e4', '\u00e4,b', '\u00e4\u00f6 x', '\u4e2d', '2000-02-29', '-11:12:13.5',
               '1999-12-31 23:59:59.999999', 1e-300, -12345.67890, '\u00e4');
            INSERT INTO `\u00e4 types` () VALUES (), ();
            CREATE TABLE `\u00e4 bytes` (id int PRIMARY KEY AUTO_INCREMENT, g json, h varbinary(20), i binary(5), j blob,
              k enum('\u00e4','\u00f6''','x\\\\y'), l set('\u00e4','b'), m char(7), n varchar(20) GENERATED ALWAYS AS (concat(u, '\u00e4')) STORED,
              p date, q time(3), r datetime(6), s double, t decimal(20,5), u varchar(10) CHARACTER SET utf8mb3, v bit(12),
              UNIQUE KEY (m), KEY (n)) CHARACTER SET utf8mb4;
            INSERT INTO `\u00e4 bytes` (g, h, i, j, k, l, m, p, q, r, s, t, u, v) VALUES
              ('{"\u00e4": "\u4e2d"}', '\u00e4\\0', 'ab', '\u00f6\\\\', '\u00f6''', '\u00e4,b', '\u00e4\u00f6 x', '2000-02-29', '-11:12:13.5',
               '1999-12-31 23:59:59.999999', 1e-300, -12345.67890, '\u00e4', b'101');
            INSERT INTO `\u00e4 bytes` () VALUES (), ();
            """;

    @Test
    void everyCharacterSetOfTheServerComesThrough() throws IOException {
        String charsets = SERVER.sql(
                "",
                "SELECT character_set_name FROM information_schema.character_sets WHERE character_set_name <> 'binary'");
        StringBuilder sql = new StringBuilder("SET SESSION sql_mode = '';\n").append(OTHER_TYPES);
        for (String charset : charsets.strip().split("\n")) {
            // as that of the table, and as that of a column
            sql.append("CREATE TABLE `" + charset + "` (id int PRIMARY KEY AUTO_INCREMENT, t varchar(200), KEY (t))"
                    + " CHARACTER SET " + charset + ";\n");
            sql.append("CREATE TABLE `in " + charset
                    + "` (id int PRIMARY KEY AUTO_INCREMENT, t varchar(200) CHARACTER SET " + charset
                    + ", u text) CHARACTER SET utf8mb4;\n");
            for (String text : TEXTS) {
                String literal = "_utf8mb4 0x" + hex(text);
                sql.append("INSERT INTO `" + charset + "` (t) VALUES (" + literal + ");\n");
                sql.append("INSERT INTO `in " + charset + "` (t, u) VALUES (" + literal + ", " + literal + ");\n");
            }
        }
        create(live, sql.toString());
        Map<String, String> before = MariaDbFingerprint.of(SERVER, live);
        SERVER.sql("", "SET GLOBAL log_output = 'TABLE'; TRUNCATE mysql.general_log; SET GLOBAL general_log = ON");
        try {
            restore(MariaDbDump.of(SERVER, live), options(null, true));
        } finally {
            SERVER.sql("", "SET GLOBAL general_log = OFF; SET GLOBAL log_output = DEFAULT");
        }
        assertSame(MariaDbFingerprint.of(SERVER, live), before);
        assertThat(settings(MariaDbCharset.ALL_BINARY)).isPositive();
        assertThat(settings(MariaDbCharset.CLIENT_BINARY)).isPositive();
    }

    /** The names of the account and the database are sent before any statement. */
    @Test
    void anAccountAndADatabaseMayHaveAnyName() throws IOException {
        String name = live + " \u00fc\u4e2d";
        create(name, "CREATE TABLE t (a varchar(20)) CHARACTER SET utf8mb4; INSERT INTO t VALUES ('\u00e4')");
        SERVER.sql(
                "",
                "CREATE USER 'j\u00fcrgen'@'localhost'; GRANT ALL ON *.* TO 'j\u00fcrgen'@'localhost' WITH GRANT OPTION");
        Connection connection = new Connection(null, null, SERVER.socket(), "j\u00fcrgen", null, null, null);
        try {
            Map<String, String> before = MariaDbFingerprint.of(SERVER, name);
            restore(MariaDbDump.of(SERVER, name), new TargetOptions(connection, null, false, true, true, true));
            assertSame(MariaDbFingerprint.of(SERVER, name), before);
            assertThat(SERVER.sql(name, "SELECT a FROM t").strip()).isEqualTo("\u00e4");
        } finally {
            SERVER.sql("", "DROP USER 'j\u00fcrgen'@'localhost'");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "true | utf8mb4 | varchar(20)",
                "true | utf8mb3 | enum('latin1')",
                "true | utf8 | text CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL CHECK (json_valid(`a`))",
                "true | utf8mb4 | bigint(20) unsigned NOT NULL COMMENT 'CHARACTER SET latin1'",
                "false | latin1 | varchar(20)",
                "false | utf8mb4 | varchar(20) CHARACTER SET ucs2",
                "false | utf8mb4 | text /*M!100301 COMPRESSED*/ DEFAULT NULL",
                "false | utf8mb4 | uuid DEFAULT NULL",
                "false | utf8mb4 | inet6",
                "false | utf8mb4 | point"
            })
    void onlyTablesWhoseBytesAreTheirTextTakeBytes(boolean taken, String charset, String type) {
        String definition = "CREATE TABLE `t` (\n  `b` int(11) NOT NULL,\n  `a` " + type
                + ",\n  PRIMARY KEY (`b`)\n) ENGINE=InnoDB DEFAULT CHARSET=" + charset + " COLLATE=x COMMENT='y'";
        MariaDbByteTables tables = new MariaDbByteTables();
        tables.define("t", MySqlTokenizer.tokens(definition.getBytes(StandardCharsets.UTF_8)));
        assertThat(tables.contains("t")).isEqualTo(taken);
    }

    private static int settings(MariaDbCharset charset) {
        String set = MariaDbCharset.STREAM.change(charset).lines().skip(1).collect(Collectors.joining());
        return Integer.parseInt(SERVER.sql(
                        "",
                        "SELECT count(*) FROM mysql.general_log WHERE argument = '" + set.substring(0, set.length() - 1)
                                + "'")
                .strip());
    }

    /** Never empty. */
    private static String hex(String text) {
        return HexFormat.of().formatHex((text + ".").getBytes(StandardCharsets.UTF_8));
    }
}
