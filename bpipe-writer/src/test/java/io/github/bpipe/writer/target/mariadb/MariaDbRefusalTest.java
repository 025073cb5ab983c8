package io.github.bpipe.writer.target.mariadb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.engine.MariaDbProperties;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.writer.target.TargetOptions;
import io.github.bpipe.writer.target.Targets;
import java.io.IOException;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever goes wrong before the switch: the live database stays as it is, and nothing staged is left. */
@Timeout(120)
class MariaDbRefusalTest extends MariaDbCase {
    static Failure refusal(ThrowingCallable call) {
        return catchThrowableOfType(Failure.class, call);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DELETE FROM b WHERE id = 1;table b has 1 rows instead of 2",
                "DROP TABLE parts;table parts is missing",
                "DROP VIEW v;view v is missing",
                "DROP TRIGGER tr1;trigger tr1 is missing",
                "DROP EVENT ev;event ev is missing",
                "DELETE HISTORY FROM hist;table hist has 1 rows instead of 3"
            })
    void aCopyThatLacksSomethingIsNotSwitched(String lossAndMessage) throws IOException {
        String[] parts = lossAndMessage.split(";");
        create(live, fixture());
        MariaDbDump dump = MariaDbDump.of(SERVER, live);
        SERVER.sql(live, "DELETE FROM audit; INSERT INTO gen (i) VALUES (77)");
        Map<String, String> before = fingerprint(live);
        // a second client reads the pipe at its own pace: wait for the last object of the script
        Failure failure = refusal(() -> dump.restore(target(options(null, true)), () -> {
            awaitLoaded("a_view_first");
            SERVER.sql(live + "__bpipe_new", "SET foreign_key_checks = 0; " + parts[0]);
        }));
        assertThat(failure.exitCode()).isEqualTo(ExitCode.CHECK_FAILED);
        assertThat(failure).hasMessageContaining(parts[1]);
        assertUntouched(before);
    }

    @Test
    void aCollationThatOnlyANewerServerKnowsIsNamed() throws IOException {
        create(live, "CREATE TABLE t (i INT); INSERT INTO t VALUES (1)");
        Map<String, String> before = fingerprint(live);
        MariaDbDump dump = MariaDbDump.of(SERVER, live);
        MariaDbProperties unknown = new MariaDbProperties("utf8mb4", "utf8mb4_uca9999_ai_ci", "", "", 0);
        Failure ofDatabase = refusal(() -> restore(dump.with(unknown), options(null, true)));
        assertThat(ofDatabase.exitCode()).isEqualTo(ExitCode.UNSUITABLE);
        assertThat(ofDatabase).hasMessageContaining("collation utf8mb4_uca9999_ai_ci");
        assertThat(ofDatabase.hint()).contains("a server of at least the version that was dumped, 10.11");
        assertUntouched(before);
        MariaDbProperties charset = new MariaDbProperties("utf32be", "utf32be_bin", "", "", 0);
        assertThat(refusal(() -> restore(dump.with(charset), options(null, true))))
                .hasMessageContaining("character set utf32be");
        dump.add(Phase.SCHEMA, "u", "CREATE TABLE u (c TEXT COLLATE utf8mb4_uca9999_ai_ci);\n");
        Failure ofTable = refusal(() -> restore(dump, options(null, true)));
        assertThat(ofTable.exitCode()).isEqualTo(ExitCode.LOAD_FAILED);
        assertThat(ofTable).hasMessageContaining("Unknown collation: 'utf8mb4_uca9999_ai_ci'");
        assertUntouched(before);
    }

    @Test
    void badSqlIsNamedWithItsBlock() throws IOException {
        create(live, fixture());
        Map<String, String> before = fingerprint(live);
        MariaDbDump dump = MariaDbDump.of(SERVER, live);
        int n = dump.blocks().size();
        dump.add(Phase.DATA, "some table", "\n\nINSERT INTO nowhere VALUES (1);\n");
        dump.add(Phase.DATA, "a", "INSERT INTO a (id) VALUES (1000);\n");
        Failure failure = refusal(() -> restore(dump, options(null, true)));
        assertThat(failure.exitCode()).isEqualTo(ExitCode.LOAD_FAILED);
        assertThat(failure)
                .hasMessageStartingWith("block " + n + " (some table): ERROR 1146")
                .hasMessageContaining("nowhere");
        assertUntouched(before);
    }

    @Test
    void aKilledClientFailsTheRestore() throws IOException {
        create(live, fixture());
        Map<String, String> before = fingerprint(live);
        MariaDbDump dump = MariaDbDump.of(SERVER, live);
        Failure failure = refusal(() -> dump.restore(target(options(null, true)), () -> {
            awaitLoaded("a_view_first");
            ProcessHandle client = ProcessHandle.current()
                    .children()
                    .filter(child -> child.info().arguments().stream()
                            .flatMap(java.util.Arrays::stream)
                            .anyMatch(argument -> argument.equals("--database=" + live + "__bpipe_new")))
                    .findFirst()
                    .orElseThrow();
            client.destroyForcibly();
            client.onExit().join();
        }));
        assertThat(failure.exitCode()).isEqualTo(ExitCode.LOAD_FAILED);
        assertThat(failure).hasMessageContaining("status 137");
        assertUntouched(before);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anExistingDatabaseIsLeftAloneWhereItMustNotBeReplaced(boolean inPlace) throws IOException {
        create(live, fixture());
        Map<String, String> before = fingerprint(live);
        MariaDbDump dump = MariaDbDump.of(SERVER, live);
        TargetOptions never = new TargetOptions(CONNECTION, null, inPlace, true, false, true);
        TargetOptions elsewhere = new TargetOptions(CONNECTION, live + "copy", inPlace, true, false, true);
        Failure failure = refusal(() -> dump.restore(Targets.of(Engine.MARIADB, never), () -> {}));
        assertThat(failure.exitCode()).isEqualTo(ExitCode.TARGET);
        assertThat(failure).hasMessageContaining(live + " exists and must not be replaced");
        assertUntouched(before);
        dump.restore(Targets.of(Engine.MARIADB, elsewhere), () -> {});
        assertThat(schemas()).contains(live + "copy");
    }

    @Test
    void twoWritersExcludeEachOther() throws IOException {
        create(live, fixture());
        MariaDbDump dump = MariaDbDump.of(SERVER, live);
        try (MariaDbTarget first = target(options(null, true))) {
            first.prepare(dump.header());
            Failure failure = refusal(() -> restore(dump, options(null, true)));
            assertThat(failure.exitCode()).isEqualTo(ExitCode.BUSY);
            assertThat(failure).hasMessageContaining("another writer works on " + live);
            assertThat(schemas()).contains(live + "__bpipe_new");
        }
        assertThat(schemas()).doesNotContain("__bpipe");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mysql", "information_schema", "SYS", "performance_schema", "x__bpipe_new", "x__bpipe_old"})
    void someNamesAreNeverRestored(String name) throws IOException {
        create(live, "CREATE TABLE t (i INT)");
        MariaDbDump dump = MariaDbDump.of(SERVER, live);
        Failure failure = refusal(() -> restore(dump, options(name, true)));
        assertThat(failure.exitCode()).isEqualTo(ExitCode.TARGET);
    }

    @Test
    void foreignKeysOfOtherDatabasesAreNamed() throws IOException {
        create(live, fixture());
        create(live + "other", "CREATE TABLE c (i INT, CONSTRAINT far FOREIGN KEY (i) REFERENCES " + live + ".a (id))");
        MariaDbDump dump = MariaDbDump.of(SERVER, live);
        Failure failure = refusal(() -> restore(dump, options(null, true)));
        assertThat(failure.exitCode()).isEqualTo(ExitCode.UNSUITABLE);
        assertThat(failure).hasMessageContaining(live + "other.c (far)");
    }

    @Test
    void aForeignSchemaOfOurNameIsLeftAlone() throws IOException {
        create(live, fixture());
        create(live + "__bpipe_new", "CREATE TABLE mine (i INT)");
        MariaDbDump dump = MariaDbDump.of(SERVER, live);
        Failure failure = refusal(() -> restore(dump, options(null, true)));
        assertThat(failure.exitCode()).isEqualTo(ExitCode.TARGET);
        assertThat(SERVER.sql(live + "__bpipe_new", "SHOW TABLES")).isEqualTo("mine\n");
    }

    @Test
    void aLimitedAccountIsToldWhatItLacks() throws IOException {
        create(live, "CREATE TABLE t (i INT)");
        SERVER.sql(
                "",
                "CREATE OR REPLACE USER few; GRANT SELECT, INSERT ON *.* TO few; GRANT ALL ON " + live + ".* TO few");
        MariaDbDump dump = MariaDbDump.of(SERVER, live);
        TargetOptions few = new TargetOptions(
                new io.github.bpipe.core.engine.Connection(null, null, SERVER.socket(), "few", null, null, null),
                null,
                false,
                true,
                true,
                true);
        Failure failure = refusal(() -> restore(dump, few));
        assertThat(failure.exitCode()).isEqualTo(ExitCode.PRIVILEGE);
        assertThat(failure).hasMessageContaining("few@% lacks UPDATE, DELETE, CREATE");
    }

    @Test
    void tablesOfASessionThatShowsNothingAreWaitedForWithALimit() throws Exception {
        create(live, fixture());
        Map<String, String> before = fingerprint(live);
        MariaDbDump dump = MariaDbDump.of(SERVER, live);
        try (SqlSession user = new MariaDbClients(Engine.MARIADB, CONNECTION).session(null)) {
            user.execute("START TRANSACTION; SELECT COUNT(*) FROM " + live + ".gen");
            Failure failure = refusal(() -> restore(dump, options(null, true)));
            assertThat(failure.exitCode()).isEqualTo(ExitCode.BUSY);
            assertThat(failure).hasMessageContaining("the tables of " + live + " stay in use, perhaps by session");
            user.execute("COMMIT");
        }
        assertUntouched(before);
    }

    private void awaitLoaded(String lastView) {
        String sql = "SELECT COUNT(*) FROM information_schema.VIEWS WHERE TABLE_SCHEMA = '" + live
                + "__bpipe_new' AND TABLE_NAME = '" + lastView + "' AND VIEW_DEFINITION LIKE '%over v%'";
        while (SERVER.sql("", sql).startsWith("0")) {
            Thread.onSpinWait();
        }
    }

    private void assertUntouched(Map<String, String> before) {
        assertSame(fingerprint(live), before);
        assertThat(schemas()).doesNotContain("__bpipe");
    }
}
