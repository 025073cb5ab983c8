package io.github.bpipe.writer.target.mariadb;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.sql.MySqlTokenizer;
import io.github.bpipe.testkit.AwkwardMariaDb;
import io.github.bpipe.testkit.MariaDbFingerprint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys that are made after the rows are the same keys, in the same order; and those that must not wait do not. */
@Timeout(120)
class MariaDbLateKeysTest extends MariaDbCase {
    private static final String KEYS;

    static {
        try (InputStream in = MariaDbLateKeysTest.class.getResourceAsStream("mariadb-keys.sql")) {
            KEYS = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void everyFormOfAKeyComesBackWhereItWas() throws IOException {
        create(live, KEYS);
        Map<String, String> before = fingerprint(live);
        restore(MariaDbDump.of(SERVER, live), options(null, true));
        assertSame(fingerprint(live), before);
    }

    @Test
    void theAwkwardDatabaseComesBackWithItsKeysInTheirOrder() throws IOException {
        AwkwardMariaDb.create(SERVER, live);
        Map<String, String> before = MariaDbFingerprint.of(SERVER, live);
        restore(MariaDbDump.of(SERVER, live), options(null, true));
        assertSame(MariaDbFingerprint.of(SERVER, live), before);
    }

    /** The columns: a table of mariadb-keys.sql, the keys that its CREATE TABLE keeps. */
    @ParameterizedTest
    @CsvSource({
        "plain, ''",
        "counted, by_b by_id",
        "counted first, ''",
        "no primary, one two",
        "hashed, u v long",
        "overlaps, app",
        "searched, ''",
        "generated, ''",
        "versioned, ''",
        "parts, ''",
        "child, ''",
        "texts, ''",
        "my, a b",
        "ar, a"
    })
    void whatMustNotWaitDoesNot(String table, String kept) {
        create(live, KEYS);
        String row = SERVER.sql(live, "SHOW CREATE TABLE `" + table + "`").stripTrailing();
        String definition = row.substring(row.indexOf('\t') + 1).translateEscapes();
        String left = withoutLateKeys(table, definition);
        List<String> names = left.lines()
                .map(String::strip)
                .filter(line -> line.matches("(UNIQUE |FULLTEXT |SPATIAL )?KEY .*"))
                .map(line -> line.split("`", 3)[1])
                .toList();
        assertThat(String.join(" ", names)).isEqualTo(kept);
        assertThat(left).doesNotContain("FOREIGN KEY (");
    }

    @Test
    void aTableWithAnItemOfAnUnknownKindKeepsItsKeys() {
        String definition = "CREATE TABLE `t` (\n  `a` int,\n  `b` int,\n  KEY `a` (`a`),\n  NOVELTY `b` (`b`)\n)"
                + " ENGINE=InnoDB";
        assertThat(withoutLateKeys("t", definition)).isEqualTo(definition);
        String halfMarked =
                "CREATE TABLE `t` (\n  `a` int,\n  KEY `a` (`a`) /*!80000 , KEY `b` (`a`) */\n) ENGINE=InnoDB";
        assertThat(withoutLateKeys("t", halfMarked)).isEqualTo(halfMarked);
        String copy = "CREATE TABLE `t` LIKE `u`";
        assertThat(withoutLateKeys("t", copy)).isEqualTo(copy);
    }

    private static String withoutLateKeys(String table, String definition) {
        byte[] bytes = definition.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream left = new ByteArrayOutputStream();
        int at = 0;
        for (MariaDbLateKeys.Gap gap : new MariaDbLateKeys()
                .leaveOut(table, bytes, MySqlTokenizer.tokens(bytes)).stream()
                        .sorted(java.util.Comparator.comparingInt(MariaDbLateKeys.Gap::from))
                        .toList()) {
            left.write(bytes, at, gap.from() - at);
            at = gap.to();
        }
        left.write(bytes, at, bytes.length - at);
        return left.toString(StandardCharsets.UTF_8);
    }
}
