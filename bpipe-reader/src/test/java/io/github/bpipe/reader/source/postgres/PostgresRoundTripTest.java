package io.github.bpipe.reader.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.engine.PostgresClients;
import io.github.bpipe.core.engine.PostgresObjects;
import io.github.bpipe.core.stream.BlockHead;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.core.stream.ObjectEntry;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.testkit.AwkwardPostgres;
import io.github.bpipe.testkit.PostgresFingerprint;
import io.github.bpipe.testkit.ThrowawayPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresRoundTripTest {
    private static final String SOURCE = "trip \"so'u\\rce";
    private static final String COPY = "trip copy";
    private static final String ROLES = """
            SELECT rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls,
              rolconnlimit, rolpassword, rolvaliduntil, shobj_description(oid, 'pg_authid'),
              (SELECT string_agg(roleid::regrole || ' ' || admin_option, ', ' ORDER BY roleid::regrole::text)
                FROM pg_auth_members WHERE member = pg_authid.oid),
              (SELECT setconfig FROM pg_db_role_setting WHERE setrole = pg_authid.oid AND setdatabase = 0)
            FROM pg_authid WHERE rolname !~ '^(pg_|postgres$)' ORDER BY rolname""";

    private final ThrowawayPostgres server = ThrowawayPostgres.shared();

    @TempDir
    Path folder;

    @AfterEach
    void dropDatabases() {
        AwkwardPostgres.drop(server, SOURCE);
        AwkwardPostgres.drop(server, COPY);
    }

    @Test
    void everythingAwkwardComesBack() throws IOException {
        AwkwardPostgres.create(server, SOURCE);
        PostgresDump dump = PostgresDump.of(server, SOURCE, folder);

        dump.restore(server, COPY);

        assertThat(PostgresFingerprint.of(server, COPY)).isEqualTo(PostgresFingerprint.of(server, SOURCE));
        assertThat(dump.object("table", "sales.orders").rows()).isEqualTo(500);
        assertThat(dump.object("table", "public.empty_table").rows()).isZero();
        assertThat(dump.object("large objects", PostgresObjects.LARGE_OBJECTS).rows())
                .isEqualTo(3);
        assertThat(dump.object("partitioned table", "public.measurements").rows())
                .isNull();
        assertThat(dump.object("function", "public.looks_like_a_dump()").raw()).isNull();
    }

    @Test
    void theObjectsAreThoseOfTheRestoredCopy() throws IOException {
        AwkwardPostgres.create(server, SOURCE);
        PostgresDump dump = PostgresDump.of(server, SOURCE, folder);
        dump.restore(server, COPY);

        try (var session = PostgresSnapshot.prepare(
                new PostgresClients(PostgresDump.connection(server, "postgres")).session(COPY))) {
            List<String> restored = PostgresObjects.list(session).stream()
                    .map(item -> item.kind() + " " + item.name())
                    .toList();
            List<String> promised = dump.objects().stream()
                    .filter(entry -> !entry.kind().equals(PostgresObjects.LARGE_OBJECTS))
                    .map(entry -> entry.kind() + " " + entry.name())
                    .toList();
            assertThat(new TreeSet<>(promised)).isEqualTo(new TreeSet<>(restored));
        }
    }

    @Test
    void rolesComeBackOnAnotherServer() throws IOException {
        AwkwardPostgres.create(server, SOURCE);
        PostgresDump dump = PostgresDump.of(server, SOURCE, folder);
        assertThat(dump.facts().accounts())
                .extracting(Header.Account::name)
                .contains("\"awkward_owner\"", "\"awkward_member\"", "\"Awk \"\"role\"", "\"postgres\"");
        ThrowawayPostgres other = ThrowawayPostgres.startWith(List.of());
        try {
            for (int time = 0; time < 2; time++) {
                dump.facts().accounts().forEach(account -> other.sql("postgres", account.create()));
                dump.facts().accounts().forEach(account -> account.grants()
                        .forEach(grant -> other.sql("postgres", grant)));
            }
            dump.restore(other, COPY);

            String restored = other.sql("postgres", ROLES);
            assertThat(server.sql("postgres", ROLES).lines().toList())
                    .containsAll(restored.lines().toList());
            assertThat(restored).contains("SCRAM-SHA-256$").contains("awkward_owner t");
            assertThat(PostgresFingerprint.of(other, COPY)).isEqualTo(PostgresFingerprint.of(server, SOURCE));
        } finally {
            other.stop(true);
        }
    }

    @Test
    void theTopOfTheScriptTellsWhatIsNotInIt() throws IOException {
        AwkwardPostgres.create(server, SOURCE);
        PostgresDump dump = PostgresDump.of(server, SOURCE, folder);
        String script = Files.readString(dump.script());
        String top = script.substring(0, script.indexOf("\nSET "));

        assertThat(top.lines().filter(line -> !line.isEmpty() && !line.startsWith("-- ")))
                .singleElement()
                .asString()
                .startsWith("\\restrict ");
        assertThat(top)
                .contains("ENCODING 'UTF8'", "OWNER TO \"awkward_owner\"", "CREATE ROLE \"awkward_member\"")
                .contains("it''s;\\u000a")
                .doesNotContain("SCRAM");
        assertThat(script.lines().filter(line -> line.startsWith("\\restrict ") && !line.equals("\\restrict abc")))
                .hasSize(1);
        String restrict = script.lines().findFirst().orElseThrow();
        assertThat(script).endsWith(restrict.replace("\\restrict", "\n\\unrestrict") + "\n");
        assertThat(dump.blocks().get(0).object()).isEqualTo(PostgresObjects.RESTRICT);
        assertThat(dump.blocks().get(dump.blocks().size() - 1).object()).isEqualTo(PostgresObjects.RESTRICT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'de-DE' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'",
                "ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'",
                "ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'",
                "ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'",
                "ENCODING 'EUC_JP' LC_COLLATE 'C' LC_CTYPE 'C'"
            })
    void everyKindOfDatabaseComesBack(String properties) throws IOException {
        server.sql("postgres", "CREATE DATABASE \"trip \"\"so'u\\rce\" TEMPLATE template0 " + properties);
        // bytes above 127 that are a letter in LATIN1, two in UTF-8 and one character in EUC_JP
        String name = "Stra" + (properties.contains("UTF8") ? "\u00c3\u009f" : "\u00c3\u00df") + "e";
        String sql = "CREATE TABLE \"" + name + "\" (\"" + name + "\" text, b bytea);\n"
                + "INSERT INTO \"" + name + "\" VALUES ('" + name + "', '\\xff00c3');\n"
                + "COMMENT ON TABLE \"" + name + "\" IS '" + name + "';\n"
                + "COMMENT ON DATABASE \"trip \"\"so'u\\rce\" IS 'caf\\u00e9';\n";
        String encoding = properties.replaceAll("ENCODING '(\\w+)'.*", "$1");
        server.psql(SOURCE, ("SET client_encoding = '" + encoding + "';\n" + sql).getBytes(StandardCharsets.ISO_8859_1))
                .orFail();
        PostgresDump dump = PostgresDump.of(server, SOURCE, folder);

        dump.restore(server, COPY);

        String fact = "SELECT md5(string_agg(t::text, '')) FROM \"%s\" AS t".formatted(name);
        assertThat(rawSql(COPY, encoding, fact)).isEqualTo(rawSql(SOURCE, encoding, fact));
        assertThat(PostgresFingerprint.of(server, COPY)).isEqualTo(PostgresFingerprint.of(server, SOURCE));
        assertThat(dump.objects())
                .filteredOn(entry -> entry.kind().equals("table"))
                .singleElement()
                .extracting(ObjectEntry::rows)
                .isEqualTo(1L);
    }

    private String rawSql(String database, String encoding, String sql) {
        return server.psql(
                        database,
                        ("SET client_encoding = '" + encoding + "';\n" + sql).getBytes(StandardCharsets.ISO_8859_1))
                .orFail();
    }

    @Test
    void backslashesAreEscapesWhereTheDatabaseSaysSo() throws IOException {
        server.sql("postgres", "CREATE DATABASE \"trip \"\"so'u\\rce\" TEMPLATE template0");
        server.sql("postgres", "ALTER DATABASE \"trip \"\"so'u\\rce\" SET standard_conforming_strings TO off");
        server.sql(
                SOURCE,
                "CREATE TABLE t (a text DEFAULT E'\\\\'';'); COMMENT ON TABLE t IS E'ends in a backslash; \\\\';"
                        + "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS E'SELECT ''\\\\'';''::text'; INSERT INTO t DEFAULT VALUES;"
                        + "CREATE INDEX i ON t ((a || E'\\\\'''))");
        PostgresDump dump = PostgresDump.of(server, SOURCE, folder);

        dump.restore(server, COPY);

        assertThat(Files.readString(dump.script())).contains("SET standard_conforming_strings = off;");
        assertThat(PostgresFingerprint.of(server, COPY)).isEqualTo(PostgresFingerprint.of(server, SOURCE));
    }

    @Test
    void anEmptyDatabaseComesBack() throws IOException {
        server.sql("postgres", "CREATE DATABASE \"trip \"\"so'u\\rce\" TEMPLATE template0");
        server.sql(SOURCE, "DROP SCHEMA public");
        PostgresDump dump = PostgresDump.of(server, SOURCE, folder);

        dump.restore(server, COPY);

        assertThat(dump.objects()).extracting(ObjectEntry::name).containsExactly("plpgsql");
        assertThat(PostgresFingerprint.of(server, COPY)).isEqualTo(PostgresFingerprint.of(server, SOURCE));
    }

    @Test
    void aRowOf64MiBComesBack() throws IOException {
        server.sql("postgres", "CREATE DATABASE \"trip \"\"so'u\\rce\" TEMPLATE template0");
        AwkwardPostgres.addBigRow(server, SOURCE, 64 << 20);
        PostgresDump dump = PostgresDump.of(server, SOURCE, folder);

        dump.restore(server, COPY);

        assertThat(dump.blocks()).filteredOn(BlockHead::continues).hasSize(32);
        assertThat(dump.object("table", "public.big_rows").rows()).isEqualTo(3);
        String sum = "SELECT id, length(b), md5(b) FROM big_rows ORDER BY id";
        assertThat(server.sql(COPY, sum)).isEqualTo(server.sql(SOURCE, sum)).contains("2|67108864|");
    }

    @Test
    void fiveThousandTablesComeBack() throws IOException {
        server.sql("postgres", "CREATE DATABASE \"trip \"\"so'u\\rce\" TEMPLATE template0");
        AwkwardPostgres.addTables(server, SOURCE, 5000);
        PostgresDump dump = PostgresDump.of(server, SOURCE, folder);

        dump.restore(server, COPY);

        assertThat(dump.objects())
                .filteredOn(entry -> entry.kind().equals("table"))
                .hasSize(5000);
        assertThat(dump.object("table", "public.many_4999").rows()).isEqualTo(1);
        String sum =
                "SELECT sum((xpath('/row/i/text()', query_to_xml('SELECT i FROM ' || tablename, false, true, '')))[1]"
                        + "::text::integer) FROM pg_tables WHERE schemaname = 'public'";
        assertThat(server.sql(COPY, sum).strip()).isEqualTo("12497500");
    }

    @Test
    void blocksOfDataAreCompleteInThemselves() throws IOException {
        server.sql("postgres", "CREATE DATABASE \"trip \"\"so'u\\rce\" TEMPLATE template0");
        server.sql(
                SOURCE,
                "CREATE TABLE t (id integer PRIMARY KEY, x text); CREATE INDEX second ON t (x);"
                        + "INSERT INTO t SELECT i, repeat(md5(i::text), 3) FROM generate_series(1, 120000) AS i;"
                        + "SELECT lo_from_bytea(i, decode(repeat('00', 900000), 'hex')) FROM generate_series(1, 6) AS i;");
        PostgresDump dump = PostgresDump.of(server, SOURCE, folder);

        List<BlockHead> data = dump.blocks().stream()
                .filter(block -> block.phase() == Phase.DATA)
                .toList();
        assertThat(data).noneMatch(BlockHead::continues);
        assertThat(data).filteredOn(block -> "public.t".equals(block.object())).hasSize(3);
        assertThat(data)
                .filteredOn(block -> PostgresObjects.LARGE_OBJECTS.equals(block.object()))
                .hasSize(3);
        assertThat(dump.blocks().stream()
                        .filter(block -> block.phase() == Phase.FINISH)
                        .map(block -> String.valueOf(block.object()))
                        .collect(Collectors.joining(", ")))
                .isEqualTo("public.t, \\restrict");
        dump.restore(server, COPY);
        assertThat(PostgresFingerprint.of(server, COPY)).isEqualTo(PostgresFingerprint.of(server, SOURCE));
    }
}
