package io.github.bpipe.writer.target.mariadb;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.writer.target.SwitchReport;
import io.github.bpipe.writer.target.TargetOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What users may do with single tables, columns and routines comes through restores, rollbacks and their deaths. */
@Timeout(120)
class MariaDbGrantsTest extends MariaDbCase {
    private static final String OLD = "`an old; one`@`localhost`";
    private static final String NEW = "`a new one`@`localhost`";
    private static final String ROLE = "`a new role`";

    @TempDir
    private Path folder;

    @AfterEach
    void dropAccounts() {
        SERVER.sql("", "DROP USER IF EXISTS " + OLD + ", " + NEW + "; DROP ROLE IF EXISTS " + ROLE);
    }

    @ParameterizedTest
    @EnumSource(
            value = MariaDbStep.class,
            names = {"SWITCHING", "RENAMED", "VIEWS_AND_ROUTINES_CREATED", "GRANTS_GIVEN"})
    void aKilledRestoreLosesNone(MariaDbStep step) throws Exception {
        MariaDbDump dump = begin();
        List<String> before = grants(OLD);
        Path file = folder.resolve("dump");
        dump.save(file);
        assertThat(MariaDbCrash.run(SERVER.socket().toString(), "restore", live, step.name(), file.toString()))
                .isEqualTo(MariaDbCrash.KILLED);
        MariaDbFormer former = new MariaDbFormer(Engine.MARIADB, CONNECTION, live);
        former.recover();
        if (step.compareTo(MariaDbStep.RENAMED) < 0) {
            assertThat(grants(OLD)).isEqualTo(before);
            assertThat(accounts()).as("a run that did not get there").doesNotContain("a new");
            restore(dump, options(null, true));
        }
        assertRestored(before);
        former.rollback();
        assertThat(grants(OLD)).isEqualTo(before);
        former.rollback();
        assertRestored(before);
    }

    @ParameterizedTest
    @EnumSource(
            value = MariaDbStep.class,
            names = {"SWITCHING", "RENAMED", "VIEWS_AND_ROUTINES_CREATED"})
    void aKilledRollbackLosesNone(MariaDbStep step) throws Exception {
        MariaDbDump dump = begin();
        List<String> before = grants(OLD);
        restore(dump, options(null, true));
        assertThat(MariaDbCrash.run(SERVER.socket().toString(), "rollback", live, step.name()))
                .isEqualTo(MariaDbCrash.KILLED);
        MariaDbFormer former = new MariaDbFormer(Engine.MARIADB, CONNECTION, live);
        former.recover();
        if (step.compareTo(MariaDbStep.RENAMED) < 0) {
            assertRestored(before);
            former.rollback();
        }
        assertThat(grants(OLD)).isEqualTo(before);
    }

    @Test
    void whatIsRevokedBetweenARestoreAndItsRollbackStaysRevoked() throws IOException {
        MariaDbDump dump = begin();
        restore(dump, options(null, true));
        SERVER.sql(live, "REVOKE EXECUTE ON FUNCTION f FROM " + OLD);
        new MariaDbFormer(Engine.MARIADB, CONNECTION, live).rollback();
        assertThat(grants(OLD)).noneMatch(grant -> grant.contains("EXECUTE") && grant.contains("`f`"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFailedRestoreLeavesNoAccountsAndTheNextOneGivesEverything(boolean inPlace) throws IOException {
        MariaDbDump dump = begin();
        List<String> before = grants(OLD);
        MariaDbDump bad = dump.with(dump.header().accounts());
        bad.add(Phase.FINISH, "x", "SELECT nonsense;\n");
        assertThat(MariaDbRefusalTest.refusal(() -> restore(bad, inPlace))).hasMessageContaining("nonsense");
        assertThat(accounts()).doesNotContain("a new");
        assertThat(schemas()).doesNotContain("__bpipe");
        assertThat(restore(dump, inPlace).warnings()).isEmpty();
        assertRestored(before);
        assertThat(schemas()).doesNotContain("__bpipe_new");
    }

    private static SwitchReport restore(MariaDbDump dump, boolean inPlace) throws IOException {
        return inPlace
                ? dump.restore(
                        new MariaDbInPlaceTarget(
                                Engine.MARIADB, new TargetOptions(CONNECTION, null, true, false, true, true)),
                        () -> {})
                : restore(dump, options(null, true));
    }

    /** A dump with accounts that are missing, and a live database where everything is a little different. */
    private MariaDbDump begin() throws IOException {
        create(
                live,
                "CREATE TABLE t (i INT, j INT); CREATE VIEW v AS SELECT i FROM t; CREATE PROCEDURE p() SELECT 1;"
                        + "CREATE FUNCTION f() RETURNS INT RETURN 1; CREATE PROCEDURE `only; coming`() SELECT 1");
        MariaDbDump dump = MariaDbDump.of(SERVER, live)
                .with(List.of(
                        new Header.Account(
                                ROLE,
                                "CREATE ROLE IF NOT EXISTS " + ROLE,
                                List.of("GRANT SELECT ON `" + live + "`.* TO " + ROLE)),
                        new Header.Account(
                                NEW,
                                "CREATE USER IF NOT EXISTS " + NEW + " IDENTIFIED BY 'secret'",
                                List.of(
                                        "GRANT " + ROLE + " TO " + NEW,
                                        "GRANT INSERT ON `" + live + "`.* TO " + NEW,
                                        "GRANT SELECT (`j`) ON `" + live + "`.`t` TO " + NEW,
                                        "GRANT EXECUTE ON PROCEDURE `" + live + "`.`only; coming` TO " + NEW))));
        SERVER.sql(
                live,
                "DROP PROCEDURE `only; coming`; DROP PROCEDURE p; CREATE PROCEDURE p() SELECT 2;"
                        + "DROP VIEW v; CREATE VIEW v AS SELECT 1 AS i; CREATE PROCEDURE `only live`() SELECT 1;"
                        + "CREATE USER " + OLD + "; GRANT SELECT ON t TO " + OLD + "; GRANT UPDATE (i) ON t TO " + OLD
                        + "; GRANT SELECT ON v TO " + OLD + "; GRANT EXECUTE ON PROCEDURE p TO " + OLD
                        + " WITH GRANT OPTION; GRANT EXECUTE, ALTER ROUTINE ON FUNCTION f TO " + OLD
                        + "; GRANT EXECUTE ON PROCEDURE `only live` TO " + OLD);
        return dump;
    }

    private void assertRestored(List<String> before) {
        List<String> kept = new ArrayList<>(before);
        // goes with its procedure
        kept.removeIf(grant -> grant.contains("only live"));
        assertThat(grants(OLD)).isEqualTo(kept).hasSize(before.size() - 1);
        assertThat(grants(NEW)).hasSize(5).anyMatch(grant -> grant.contains("PROCEDURE `" + live + "`.`only; coming`"));
        assertThat(grants(ROLE)).hasSize(2);
    }

    private static String accounts() {
        return SERVER.sql("", "SELECT user FROM mysql.user");
    }

    private static List<String> grants(String account) {
        return SERVER.sql("", "SHOW GRANTS FOR " + account).lines().sorted().toList();
    }
}
