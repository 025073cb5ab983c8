package io.github.bpipe.writer.target.mariadb;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.testkit.AwkwardMariaDb;
import io.github.bpipe.writer.target.SwitchReport;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class MariaDbTargetTest extends MariaDbCase {
    @Test
    void bringsEverythingBackOverAnotherState() throws IOException {
        create(live, fixture());
        MariaDbDump dump = MariaDbDump.of(SERVER, live);
        Map<String, String> before = fingerprint(live);
        SERVER.sql(
                live,
                "DROP TABLE gen; CREATE TABLE later (i INT); CREATE VIEW gen AS SELECT 1 AS i; DROP TRIGGER tr2;"
                        + "CREATE TRIGGER tr9 BEFORE DELETE ON a FOR EACH ROW SET @x = 1; DROP PROCEDURE p;"
                        + "CREATE PROCEDURE extra() SELECT 1; CREATE VIEW more AS SELECT * FROM a; DELETE FROM audit;"
                        + "CREATE EVENT extra_ev ON SCHEDULE EVERY 1 DAY DISABLE DO SELECT 1; DROP EVENT ev;"
                        + "INSERT INTO b (a_id) VALUES (1); ALTER DATABASE COLLATE utf8mb4_general_ci;");
        SwitchReport report = restore(dump, options(null, true));
        assertSame(fingerprint(live), before);
        assertThat(report.live()).isEqualTo(live);
        assertThat(report.former()).isEqualTo(live + "__bpipe_old");
        assertThat(report.warnings()).isEmpty();
        assertThat(report.unusable().toMillis()).isBetween(1L, 20_000L);
        assertThat(SERVER.sql(report.former(), "SELECT COUNT(*) FROM later; SELECT COUNT(*) FROM b"))
                .isEqualTo("0\n3\n");
        assertThat(schemas()).doesNotContain("__bpipe_new").doesNotContain("__bpipe_out");
        assertThat(SERVER.sql(
                        "",
                        "SELECT DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME='" + live
                                + "'"))
                .isEqualTo("utf8mb4_bin\n");
    }

    @Test
    void everythingAwkwardComesBack() throws IOException {
        AwkwardMariaDb.create(SERVER, live);
        MariaDbDump dump = MariaDbDump.of(SERVER, live);
        Map<String, String> before = fingerprint(live);
        restore(dump, options(null, true));
        assertSame(fingerprint(live), before);
        restore(dump, options(live + "copy", true));
        assertSame(fingerprint(live + "copy"), before);
    }

    @Test
    void sequenceDefaultsStayInTheirOwnSchema() throws IOException {
        create(live, fixture());
        MariaDbDump dump = MariaDbDump.of(SERVER, live);
        SERVER.sql(live, "ALTER TABLE b ALTER COLUMN n SET DEFAULT 1; DROP SEQUENCE `Other Seq`");
        String former = restore(dump, options(null, true)).former();
        assertThat(defaults(live)).contains("`" + live + "`.`sq`").contains("`" + live + "`.`Other Seq`");
        assertThat(defaults(former)).contains("`" + former + "`.`sq`").doesNotContain("`" + live + "`");
        for (int i = 0; i < 2; i++) {
            new MariaDbFormer(Engine.MARIADB, CONNECTION, live).rollback();
            assertThat(defaults(live)).contains("`" + live + "`.`sq`").doesNotContain("__bpipe");
            assertThat(defaults(former)).contains("`" + former + "`.`sq`").doesNotContain("`" + live + "`");
        }
        String copy = live + "copy";
        restore(dump, options(copy, true));
        assertThat(defaults(copy)).contains("`" + copy + "`.`Other Seq`").doesNotContain("`" + live + "`");
        SERVER.sql(copy, "INSERT INTO a (name) VALUES ('x')");
    }

    @Test
    void restoresIntoAMissingDatabase() throws IOException {
        create(live, fixture());
        MariaDbDump dump = MariaDbDump.of(SERVER, live);
        Map<String, String> before = fingerprint(live);
        SERVER.sql("", "DROP DATABASE " + live);
        SwitchReport report = restore(dump, options(null, true));
        assertThat(report.former()).isNull();
        assertSame(fingerprint(live), before);
        assertThat(schemas()).doesNotContain("__bpipe");
    }

    @Test
    void anotherNameLeavesTheOriginalAlone() throws IOException {
        create(live, fixture());
        MariaDbDump dump = MariaDbDump.of(SERVER, live);
        Map<String, String> before = fingerprint(live);
        String copy = "Copy `of; " + live + " with a name of more than fifty-five chars";
        restore(dump, options(copy, true));
        assertSame(fingerprint(copy), before);
        assertSame(fingerprint(live), before);
        // once more, now over what is there
        String former = restore(dump, options(copy, true)).former();
        assertThat(former).hasSizeLessThanOrEqualTo(64);
        assertSame(fingerprint(copy), before);
    }

    @Test
    void aFormerDatabaseIsNeverOverwritten() throws IOException {
        create(live, "CREATE TABLE t (i INT); INSERT INTO t VALUES (1)");
        MariaDbDump dump = MariaDbDump.of(SERVER, live);
        SERVER.sql(live, "INSERT INTO t VALUES (2)");
        String former = restore(dump, options(null, true)).former();
        assertThat(MariaDbRefusalTest.refusal(() -> restore(dump, options(null, true))))
                .hasMessageContaining("is still kept, as " + former);
        assertThat(restore(dump, options(null, false)).former()).isNull();
        assertThat(SERVER.sql(former, "SELECT COUNT(*) FROM t")).isEqualTo("2\n");
        assertThat(SERVER.sql(live, "SELECT COUNT(*) FROM t")).isEqualTo("1\n");
        assertThat(schemas()).doesNotContain("__bpipe_out").doesNotContain("__bpipe_new");
    }

    @Test
    void viewsThatNameTheirSchemaPointToTheCopy() throws IOException {
        create(live, fixture());
        create(live + "other", "CREATE TABLE z (i INT); INSERT INTO z VALUES (1)");
        SERVER.sql(
                live,
                "CREATE VIEW across AS SELECT a.id FROM a, " + live + "other.z WHERE f(a.id) > 0;"
                        + "CREATE TABLE " + live + " (q INT);"
                        + "CREATE VIEW own_name AS SELECT " + live + ".q FROM " + live + ";"
                        + "CREATE TRIGGER " + live + ".named BEFORE UPDATE ON " + live
                        + ".gen FOR EACH ROW SET @named = 1");
        MariaDbDump dump = MariaDbDump.of(SERVER, live);
        Map<String, String> before = fingerprint(live);
        restore(dump, options(null, true));
        assertSame(fingerprint(live), before);
        String copy = live + "copy";
        restore(dump, options(copy, true));
        SERVER.sql("", "SET foreign_key_checks = 0; DROP DATABASE " + live);
        assertThat(SERVER.sql(copy, "SELECT COUNT(*) FROM across; SELECT COUNT(*) FROM own_name; SHOW TRIGGERS"))
                .startsWith("2\n0\n")
                .contains("named");
    }

    @Test
    void anEmptyDatabaseIsRestoredAsOne() throws IOException {
        create(live, "CREATE TABLE t (i INT)");
        SERVER.sql("", "CREATE DATABASE " + live + "empty CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
        MariaDbDump dump = MariaDbDump.of(SERVER, live + "empty");
        restore(dump, options(live, true));
        assertThat(SERVER.sql(live, "SHOW TABLES")).isEmpty();
        assertThat(SERVER.sql(live + "__bpipe_old", "SHOW TABLES")).contains("t\n");
    }

    private static String defaults(String schema) {
        return SERVER.sql(
                "",
                "SELECT COLUMN_DEFAULT FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = '" + schema
                        + "' AND COLUMN_DEFAULT LIKE '%nextval%'");
    }
}
