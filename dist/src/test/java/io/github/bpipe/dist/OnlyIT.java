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

/** Restores of a few tables with the installed programs. */
class OnlyIT {
    private static final String NAME = "only it";
    private static final String INTO = "only it picked";
    private static final ThrowawayMariaDb MARIADB = ThrowawayMariaDb.shared();
    private static final ThrowawayPostgres POSTGRES = ThrowawayPostgres.shared();

    @TempDir
    private Path folder;

    @AfterEach
    void drop() {
        for (String name : List.of(NAME, INTO)) {
            MARIADB.sql("", "DROP DATABASE IF EXISTS `" + name + "`");
            AwkwardPostgres.drop(POSTGRES, name);
        }
        AwkwardPostgres.dropRoles(POSTGRES);
    }

    @Test
    void tablesOfMariaDbComeWithTheirTriggersAndSequencesAndNothingElse() throws IOException {
        AwkwardMariaDb.create(MARIADB, NAME);
        String connection = " --socket=" + MARIADB.socket() + " --user=root";
        byte[] stream = dump("--engine mariadb --database '" + NAME + "'" + connection);
        Installed.Answer answer = restore(stream, connection, "order,numbered,parent,ty*,versioned,empty");
        assertThat(answer.status()).as(answer.err()).isZero();
        assertThat(answer.err()).contains("restored " + INTO).contains("the other tables left out");
        assertThat(mariaDb(
                        "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = '%s' AND TABLE_TYPE IN"
                                + " ('BASE TABLE', 'SYSTEM VERSIONED') ORDER BY 1"))
                .isEqualTo("empty\nnumbered\norder\nparent\ntypes\nversioned\n");
        assertThat(mariaDb("SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = '%s' AND TABLE_TYPE ="
                        + " 'VIEW'"))
                .isEqualTo("0\n");
        assertThat(mariaDb("SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = '%s' ORDER BY"
                        + " ACTION_TIMING, ACTION_ORDER, 1"))
                .isEqualTo("after `x\nfirst\nsecond\n");
        assertThat(mariaDb("SELECT COUNT(*) FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = '%s'"))
                .isEqualTo("0\n");
        for (String table : List.of("order", "numbered", "parent", "types", "versioned", "empty")) {
            assertThat(checksum(INTO, table)).isEqualTo(checksum(NAME, table));
        }
        MARIADB.sql(INTO, "INSERT INTO numbered (id) VALUES (DEFAULT)");
    }

    @Test
    void tablesOfPostgresComeWithIndexesTriggersAndTheKeysBetweenThem() throws IOException {
        AwkwardPostgres.create(POSTGRES, NAME);
        POSTGRES.sql(NAME, """
                SET search_path = public;
                CREATE RULE "ke;pt" AS ON DELETE TO "select" DO INSTEAD NOTHING;
                CREATE RULE elsewhere AS ON DELETE TO hen DO ALSO DELETE FROM egg WHERE id = old.egg;
                COMMENT ON RULE "ke;pt" ON "select" IS 'a rule';
                COMMENT ON INDEX measurements_v IS 'an index';
                COMMENT ON INDEX sales.orders_pkey IS 'index of a key';
                COMMENT ON CONSTRAINT orders_pkey ON sales.orders IS 'a key';
                COMMENT ON CONSTRAINT hen_egg_fkey ON hen IS 'a key that cannot be';
                COMMENT ON TRIGGER "touch; me" ON "select" IS 'a trigger'""");
        String connection =
                " --socket=" + POSTGRES.socketFolder() + " --user=postgres --clients=" + POSTGRES.programs();
        byte[] stream = dump("--engine postgresql --database '" + NAME + "'" + connection);
        Installed.Answer answer =
                restore(stream, connection, "public.measurements,m 2020*,m_rest,sales.orders,derived,hen,select");
        assertThat(answer.status()).as(answer.err()).isZero();
        assertThat(
                        postgres(
                                "SELECT string_agg(relname || ' ' || relkind::text, ',' ORDER BY relname) FROM pg_class WHERE relkind IN"
                                        + " ('r', 'p', 'v', 'm', 'f') AND relnamespace IN ('public'::regnamespace, 'sales'::regnamespace)"))
                .isEqualTo("base r,derived r,hen r,m 2020 p,m 2020 a r,m 2020 rest r,m_rest r,measurements p,orders"
                        + " r,select r\n");
        for (String table : List.of("measurements", "sales.orders", "derived", "hen", "\"select\"")) {
            String rows = "SELECT count(*), md5(string_agg(t::text, ',' ORDER BY t::text)) FROM " + table + " t";
            assertThat(postgres("SET search_path = public; " + rows))
                    .as(table)
                    .isEqualTo(POSTGRES.sql(NAME, "SET search_path = public; " + rows));
        }
        // a key to a table that is not there cannot be, one within the table can
        assertThat(postgres("SELECT conrelid::regclass FROM pg_constraint WHERE contype = 'f'"))
                .isEqualTo("orders\n");
        assertThat(postgres("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgparentid = 0 ORDER BY 1"))
                .isEqualTo("on_partitions\ntouch; me\n");
        assertThat(postgres(
                        "SELECT count(*) FROM pg_index i JOIN pg_class c ON c.oid = indrelid WHERE relname LIKE 'm%'"
                                + " AND NOT indisvalid"))
                .isEqualTo("0\n");
        assertThat(postgres("SELECT count(*) FROM pg_indexes WHERE tablename = 'm 2020 a'"))
                .isEqualTo("2\n");
        assertThat(postgres("SELECT rulename FROM pg_rewrite WHERE rulename <> '_RETURN' AND oid >= 16384"))
                .isEqualTo("ke;pt\n");
        assertThat(postgres("SELECT description FROM pg_description WHERE objoid >= 16384 AND classoid IN"
                        + " ('pg_rewrite'::regclass, 'pg_trigger'::regclass, 'pg_constraint'::regclass)"
                        + " UNION ALL SELECT obj_description(indexrelid) FROM pg_index WHERE indexrelid >= 16384"
                        + " AND obj_description(indexrelid) IS NOT NULL ORDER BY 1"))
                .isEqualTo("a key\na rule\na trigger\nan index\nindex of a key\n");
        assertThat(postgres("SELECT nextval('sales.\"Order No\"')"))
                .isEqualTo(POSTGRES.sql(NAME, "SELECT nextval('sales.\"Order No\"')"));
    }

    @Test
    void tablesOfSqliteComeWithTheirIndexes() throws IOException {
        Path live = folder.resolve("live.db");
        AwkwardSqlite.create(live);
        byte[] stream = dump("--engine sqlite --database " + live);
        Path into = folder.resolve("picked.db");
        Installed.Answer answer = Installed.writer(stream, "--only=keyed,docs,select", "--into=" + into);
        assertThat(answer.status()).as(answer.err()).isZero();
        assertThat(sqlite(
                        into,
                        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'docs_%' AND name NOT"
                                + " LIKE 'sqlite_%' ORDER BY 1"))
                .isEqualTo("docs\nkeyed\nselect\n");
        assertThat(sqlite(into, "SELECT name FROM sqlite_schema WHERE type IN ('view', 'index') AND sql IS NOT NULL"))
                .isEqualTo("an index\n");
        for (String table : List.of("keyed", "docs", "\"select\"")) {
            assertThat(sqlite(into, "SELECT * FROM " + table)).isEqualTo(sqlite(live, "SELECT * FROM " + table));
        }
        assertThat(sqlite(into, "SELECT title FROM docs WHERE docs MATCH 'fox'"))
                .isEqualTo("one\nthree\n");
        assertThat(sqlite(into, "PRAGMA integrity_check")).isEqualTo("ok\n");
    }

    @Test
    void whatCannotBePickedIsRefusedAndNothingIsLeft() throws IOException {
        MARIADB.sql("", "CREATE DATABASE `" + NAME + "`");
        MARIADB.sql(NAME, "CREATE TABLE a (x int); CREATE TABLE b (x int)");
        String connection = " --socket=" + MARIADB.socket() + " --user=root";
        byte[] stream = dump("--engine mariadb --database '" + NAME + "'" + connection);

        Installed.Answer missing = restore(stream, connection, "a,nosuch");
        assertThat(missing.status()).isEqualTo(ExitCode.USAGE.code());
        assertThat(missing.err()).contains("the stream holds no table nosuch").contains("hint: bpipe-writer inspect");
        assertThat(mariaDb("SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE '%s%%'"))
                .isEqualTo("0\n");

        Installed.Answer over =
                Installed.writer(stream, "--only=a", "--into=" + NAME, "--socket=" + MARIADB.socket(), "--user=root");
        assertThat(over.status()).isEqualTo(ExitCode.USAGE.code());
        assertThat(over.err()).contains("would lose its other tables").contains("hint: leave --into out");
        assertThat(MARIADB.sql(NAME, "SHOW TABLES")).isEqualTo("a\nb\n");
        over = Installed.writer(stream, "--only=a", "--into=ONLY IT", "--socket=" + MARIADB.socket(), "--user=root");
        assertThat(over.err()).contains("would lose its other tables");
    }

    @Test
    void aFileIsTheSameByWhateverPath() throws IOException {
        Path live = folder.resolve("live.db");
        AwkwardSqlite.sql(live, "CREATE TABLE a (x int)", "CREATE TABLE b (x int)");
        byte[] stream = dump("--engine sqlite --database '" + live + "'");
        Path link = Files.createSymbolicLink(folder.resolve("link.db"), live);
        Path relative = Path.of("").toAbsolutePath().relativize(live);
        for (Path into : List.of(live, link, relative, folder.resolve("./live.db"))) {
            Installed.Answer over = Installed.writer(stream, "--only=a", "--into=" + into);
            assertThat(over.status()).as(into + over.err()).isEqualTo(ExitCode.USAGE.code());
            assertThat(over.err()).contains("would lose its other tables");
        }
        assertThat(sqlite(live, "SELECT name FROM sqlite_schema ORDER BY 1")).isEqualTo("a\nb\n");
    }

    private byte[] dump(String options) throws IOException {
        Path file = folder.resolve("stream");
        Installed.Answer dump = Installed.shell("$READER " + options + " > " + file);
        assertThat(dump.status()).as(dump.err()).isZero();
        return Files.readAllBytes(file);
    }

    private Installed.Answer restore(byte[] stream, String connection, String only) throws IOException {
        Path file = Files.write(folder.resolve("stream"), stream);
        return Installed.shell("$WRITER" + connection + " --only '" + only + "' --into '" + INTO + "' < " + file);
    }

    private static String mariaDb(String sql) {
        return MARIADB.sql("", sql.formatted(INTO));
    }

    private static String checksum(String database, String table) {
        return MARIADB.sql(database, "CHECKSUM TABLE `" + table + "`").replaceAll("^[^\t]*", "");
    }

    private static String postgres(String sql) {
        return POSTGRES.sql(INTO, sql);
    }

    private static String sqlite(Path file, String sql) {
        return Installed.shell("sqlite3 '" + file + "' <<'END'\n" + sql + ";\nEND")
                .text();
    }
}
