package io.github.bpipe.writer.target.mariadb;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.writer.target.TargetOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A writer that is killed at any step of the switch: the next run finds the old database or the new one, whole. */
@Timeout(120)
class MariaDbRecoveryTest extends MariaDbCase {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(MariaDbStep.class)
    void aKilledRestoreIsUndoneOrCompleted(MariaDbStep step) throws Exception {
        create(live, fixture());
        MariaDbDump dump = MariaDbDump.of(SERVER, live);
        Map<String, String> coming = fingerprint(live);
        change();
        Map<String, String> leaving = fingerprint(live);
        Path file = folder.resolve("dump");
        dump.save(file);
        int status = MariaDbCrash.run(SERVER.socket().toString(), "restore", live, step.name(), file.toString());
        assertThat(status).isEqualTo(MariaDbCrash.KILLED);
        MariaDbFormer former = new MariaDbFormer(Engine.MARIADB, CONNECTION, live);
        former.recover();
        boolean switched = former.status().former() != null;
        assertThat(former.status().leftovers()).isEmpty();
        // once the gate is open the server renames, whether or not we are still there
        if (step != MariaDbStep.ATTACH_QUEUED && step != MariaDbStep.TRIGGERS_DROPPED) {
            assertThat(switched).isEqualTo(step.compareTo(MariaDbStep.RENAMED) >= 0);
        }
        assertSame(fingerprint(live), switched ? coming : leaving);
        assertThat(schemas()).doesNotContain("__bpipe_new").doesNotContain("__bpipe_out");
    }

    @Test
    void aFormerDatabaseIsPutBackAndForth() throws IOException {
        create(live, fixture());
        MariaDbDump dump = MariaDbDump.of(SERVER, live);
        Map<String, String> coming = fingerprint(live);
        change();
        Map<String, String> leaving = fingerprint(live);
        restore(dump, options(null, true));
        MariaDbFormer former = new MariaDbFormer(Engine.MARIADB, CONNECTION, live);
        assertThat(former.status().replacedBy())
                .isEqualTo("dump " + dump.header().id() + " of job 17 of client");
        former.rollback();
        assertSame(fingerprint(live), leaving);
        assertThat(former.status().replacedBy()).isEqualTo("a rollback");
        former.rollback();
        assertSame(fingerprint(live), coming);
        assertThat(former.discard()).isEqualTo(live + "__bpipe_old");
        assertThat(former.status().former()).isNull();
        assertThat(schemas()).doesNotContain("__bpipe");
    }

    @ParameterizedTest
    @EnumSource(
            value = MariaDbStep.class,
            names = {"SWITCHING", "TABLES_HELD", "RENAMED", "VIEWS_AND_ROUTINES_CREATED"})
    void aKilledRollbackIsUndoneOrCompleted(MariaDbStep step) throws Exception {
        create(live, fixture());
        MariaDbDump dump = MariaDbDump.of(SERVER, live);
        Map<String, String> coming = fingerprint(live);
        change();
        Map<String, String> leaving = fingerprint(live);
        restore(dump, options(null, true));
        assertThat(MariaDbCrash.run(SERVER.socket().toString(), "rollback", live, step.name()))
                .isEqualTo(MariaDbCrash.KILLED);
        boolean switched = step.compareTo(MariaDbStep.RENAMED) >= 0;
        MariaDbFormer former = new MariaDbFormer(Engine.MARIADB, CONNECTION, live);
        former.recover();
        assertSame(fingerprint(live), switched ? leaving : coming);
        former.rollback();
        assertSame(fingerprint(live), switched ? coming : leaving);
    }

    @Test
    void inPlaceRestoresAndMarksWhatFails() throws IOException {
        create(live, fixture());
        MariaDbDump dump = MariaDbDump.of(SERVER, live);
        Map<String, String> coming = fingerprint(live);
        change();
        TargetOptions options = new TargetOptions(CONNECTION, null, true, false, true, true);
        dump.restore(new MariaDbInPlaceTarget(Engine.MARIADB, options), () -> {});
        assertSame(fingerprint(live), coming);
        MariaDbDump bad = MariaDbDump.of(SERVER, live);
        bad.add(io.github.bpipe.core.stream.Phase.FINISH, "x", "SELECT nonsense;\n");
        assertThat(MariaDbRefusalTest.refusal(
                        () -> bad.restore(new MariaDbInPlaceTarget(Engine.MARIADB, options), () -> {})))
                .hasMessageContaining("nonsense");
        MariaDbFormer former = new MariaDbFormer(Engine.MARIADB, CONNECTION, live);
        assertThat(former.status().halfRestored()).isTrue();
        dump.restore(new MariaDbInPlaceTarget(Engine.MARIADB, options), () -> {});
        assertSame(fingerprint(live), coming);
        assertThat(former.status().halfRestored()).isFalse();
    }

    @Test
    void statusLooksOnWhileAWriterWorks() throws IOException {
        create(live, fixture());
        MariaDbFormer former = new MariaDbFormer(Engine.MARIADB, CONNECTION, live);
        assertThat(former.status().busy()).isFalse();
        try (MariaDbTarget target = target(options(null, true))) {
            target.prepare(MariaDbDump.header(SERVER, live));
            assertThat(former.status().busy()).isTrue();
            assertThat(former.status().leftovers()).containsExactly(live + "__bpipe_new");
        }
        assertThat(former.status().leftovers()).isEmpty();
    }

    private void change() {
        SERVER.sql(
                live,
                "DROP TABLE gen; CREATE TABLE later (i INT); CREATE VIEW gen AS SELECT 1 AS i; DROP TRIGGER tr2;"
                        + "CREATE TRIGGER tr9 BEFORE DELETE ON a FOR EACH ROW SET @x = 1; DROP PROCEDURE p;"
                        + "CREATE PROCEDURE extra() SELECT 1; CREATE VIEW more AS SELECT * FROM a; DELETE FROM audit;"
                        + "CREATE EVENT extra_ev ON SCHEDULE EVERY 1 DAY DISABLE DO SELECT 1; DROP EVENT ev;"
                        + "INSERT INTO b (a_id) VALUES (1); ALTER DATABASE COLLATE utf8mb4_general_ci;");
    }
}
