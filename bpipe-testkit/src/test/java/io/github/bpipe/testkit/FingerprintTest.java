package io.github.bpipe.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fingerprints, on which the tests of dumps and restores rely, see every single loss. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FingerprintTest {
    private static final String DATABASE = "fingerprinted";

    private ThrowawayMariaDb mariaDb;
    private ThrowawayPostgres postgres;

    private ThrowawayMariaDb mariaDb() {
        if (mariaDb == null) {
            mariaDb = ThrowawayMariaDb.shared();
            AwkwardMariaDb.create(mariaDb, DATABASE);
        }
        return mariaDb;
    }

    private ThrowawayPostgres postgres() {
        if (postgres == null) {
            postgres = ThrowawayPostgres.shared();
            AwkwardPostgres.create(postgres, DATABASE);
        }
        return postgres;
    }

    @AfterAll
    void drop() {
        mariaDb().sql("", "DROP DATABASE " + DATABASE);
        AwkwardPostgres.drop(postgres(), DATABASE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE `text and nothing` SET value = '' WHERE value IS NULL",
                "UPDATE `bytes` SET `blob` = CONCAT(`blob`, '\\0') WHERE id = 255",
                "ALTER TABLE `empty` AUTO_INCREMENT = 4712",
                "ALTER TABLE child DROP FOREIGN KEY child_parent",
                "ALTER TABLE searched DROP KEY place",
                "ALTER TABLE generated ALTER COLUMN hidden DROP DEFAULT",
                "DO SETVAL(numbers, 5000)",
                "SET system_versioning_alter_history = KEEP; DELETE HISTORY FROM versioned",
                "DROP TRIGGER first",
                "DROP EVENT asleep",
                "ALTER EVENT `every ``day` DISABLE",
                "DROP PROCEDURE `look alike`",
                "CREATE OR REPLACE VIEW `base view` AS SELECT id, value, 1 AS n FROM `text and nothing`",
                "ALTER DATABASE COLLATE utf8mb4_bin"
            })
    void ofMariaDb(String change) {
        var before = MariaDbFingerprint.of(mariaDb(), DATABASE);
        assertThat(MariaDbFingerprint.of(mariaDb, DATABASE)).isEqualTo(before);
        mariaDb.sql(DATABASE, change);
        assertThat(MariaDbFingerprint.of(mariaDb, DATABASE)).isNotEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DROP EVENT TRIGGER watch",
                "ALTER TABLE secrets DISABLE ROW LEVEL SECURITY",
                "ALTER TABLE secrets NO FORCE ROW LEVEL SECURITY",
                "DROP POLICY \"own; rows\" ON secrets",
                "DROP RULE disabled_rule ON v1",
                "DROP TRIGGER \"touch; me\" ON \"select\"",
                "REVOKE SELECT (id) ON \"Tab \"\"le\" FROM awkward_reader",
                "REVOKE SELECT ON \"select\" FROM \"Awk \"\"role\"",
                "REVOKE USAGE ON SCHEMA sales FROM awkward_reader",
                "REVOKE TEMPORARY ON DATABASE fingerprinted FROM \"Awk \"\"role\"",
                "ALTER DATABASE fingerprinted RESET bytea_output",
                "ALTER ROLE awkward_reader IN DATABASE fingerprinted RESET search_path",
                "ALTER DATABASE fingerprinted CONNECTION LIMIT 78",
                "COMMENT ON DATABASE fingerprinted IS 'other'",
                "COMMENT ON LARGE OBJECT 4711 IS NULL",
                "SELECT lo_put(4712, 5, 'x')",
                "SELECT lo_unlink(4713)",
                "REVOKE SELECT ON LARGE OBJECT 4712 FROM awkward_reader",
                "SELECT nextval('sales.\"Order No\"')",
                "UPDATE \"Tab \"\"le\" SET \"co l\" = '' WHERE id = 1",
                "UPDATE \"select\" SET \"semi;colon\" = '' WHERE \"semi;colon\" IS NULL",
                "REFRESH MATERIALIZED VIEW unpopulated",
                "DROP STATISTICS sales.stats",
                "ALTER TABLE hen SET WITHOUT CLUSTER",
                "DROP EXTENSION file_fdw CASCADE"
            })
    void ofPostgres(String change) {
        var before = PostgresFingerprint.of(postgres(), DATABASE);
        assertThat(PostgresFingerprint.of(postgres, DATABASE)).isEqualTo(before);
        postgres.sql(DATABASE, change);
        assertThat(PostgresFingerprint.of(postgres, DATABASE)).isNotEqualTo(before);
    }

    @Test
    void ofSqlite(@TempDir Path folder) {
        Path file = folder.resolve("a.db");
        AwkwardSqlite.create(file);
        for (String change : new String[] {
            "UPDATE \"select\" SET v = NULL WHERE v = ''",
            "UPDATE gaps SET rowid = 100000 WHERE rowid = 1",
            "UPDATE \"select\" SET v = CAST(v AS TEXT) WHERE typeof(v) = 'integer'",
            "DELETE FROM docs WHERE title = 'one'",
            "DROP INDEX on_expression",
            "DROP VIEW \"view on view\"",
            "PRAGMA user_version = 7",
            "PRAGMA application_id = 7"
        }) {
            var before = SqliteFingerprint.of(file);
            assertThat(SqliteFingerprint.of(file)).isEqualTo(before);
            AwkwardSqlite.sql(file, change);
            assertThat(SqliteFingerprint.of(file)).as(change).isNotEqualTo(before);
        }
    }
}
