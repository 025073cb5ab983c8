package io.github.bpipe.writer.target.postgres;

import static io.github.bpipe.core.engine.PostgresClients.literal;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.engine.PostgresCreation;
import io.github.bpipe.core.engine.PostgresProperties;
import io.github.bpipe.core.engine.PostgresProperties.Grant;
import io.github.bpipe.core.engine.PostgresProperties.Setting;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.testkit.ThrowawayPostgres;
import io.github.bpipe.writer.target.SwitchReport;
import io.github.bpipe.writer.target.TargetOptions;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What belongs to the database as a whole. */
class PostgresPropertiesTest {
    private static final ThrowawayPostgres SERVER = ThrowawayPostgres.shared();

    private final PostgresDatabases bench = new PostgresDatabases(SERVER);

    @AfterEach
    void drop() {
        bench.dropAll();
    }

    @ParameterizedTest
    @CsvSource({
        "UTF8, icu, C, C, de-DE",
        "UTF8, libc, C, C,",
        "LATIN1, libc, C, C,",
        "SQL_ASCII, libc, C, C,",
        "UTF8, libc, C, C.UTF-8,"
    })
    void encodingAndLocaleComeBack(String encoding, String provider, String collate, String ctype, String locale)
            throws IOException {
        String name = bench.name("locale");
        PostgresProperties properties = OrdinaryProperties.inLocale(encoding, provider, collate, ctype, locale);

        bench.restore(HandMadeStream.ofTable(name, 1, "new").properties(properties), null);

        assertThat(SERVER.sql(
                                "postgres",
                                "SELECT pg_encoding_to_char(encoding), datlocprovider, datcollate, datctype, daticulocale"
                                        + " FROM pg_database WHERE datname = " + literal(name))
                        .strip())
                .isEqualTo(String.join(
                        "|",
                        encoding,
                        provider.substring(0, 1).replace('l', 'c'),
                        collate,
                        ctype,
                        locale == null ? "" : locale));
    }

    @Test
    void accountsAreLeftOutWhereTheyAreNotWanted() throws IOException {
        String name = bench.live("skip", 5, "old");
        TargetOptions skip = new TargetOptions(bench.connection("postgres"), null, false, true, true, false);
        bench.restoreWith(HandMadeStream.ofTable(name, 3, "new").account(name, "CREATE ROLE " + name), skip);
        assertThat(bench.rows(name)).isEqualTo("3 new");
        assertThat(SERVER.sql("postgres", "SELECT FROM pg_roles WHERE rolname = " + literal(name)))
                .isEmpty();
    }

    @Test
    void whatTheProfileSaysGoesBeforeWhatIsRecorded() throws IOException {
        String name = bench.name("created");
        String role = bench.name("keeper");
        String template = bench.live("template", 1, "of the template");
        SERVER.sql(template, "ALTER TABLE t RENAME TO from_template");
        HandMadeStream stream = HandMadeStream.ofTable(name, 3, "new");
        PostgresCreation creation = new PostgresCreation(template, "UTF8", "C.UTF-8", "C.UTF-8", role);
        TargetOptions options =
                new TargetOptions(bench.connection("postgres"), null, false, true, true, true, 1, creation);
        bench.refused(stream, options, ExitCode.TARGET).hasMessageContaining("the role " + role);

        SERVER.sql("postgres", "CREATE ROLE " + role);
        bench.restoreWith(stream, options);
        assertThat(SERVER.sql(
                        "postgres", "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = " + literal(name)))
                .isEqualTo(role + "\n");
        assertThat(SERVER.sql(name, "SELECT txt FROM from_template")).isEqualTo("of the template\n");

        PostgresCreation latin = new PostgresCreation(null, "LATIN1", "C", "C", null);
        bench.restoreWith(
                stream, new TargetOptions(bench.connection("postgres"), null, false, false, true, true, 1, latin));
        assertThat(SERVER.sql(name, "SHOW server_encoding")).isEqualTo("LATIN1\n");
        assertThat(SERVER.sql(name, "SELECT datcollate, datctype FROM pg_database WHERE datname = current_database()"))
                .isEqualTo("C|C\n");
        bench.dropAll();
        SERVER.sql("postgres", "DROP ROLE " + role);
    }

    @Test
    void ownerCommentPrivilegesSettingsAndLimitComeBack() throws IOException {
        String name = bench.live("all", 5, "old");
        String owner = bench.name("O wner");
        String reader = bench.name("reader");
        PostgresProperties properties = new PostgresProperties(
                "UTF8",
                "libc",
                "C.UTF-8",
                "C.UTF-8",
                null,
                null,
                "1.2.3",
                owner,
                "it's a \\ comment\nof two lines",
                List.of(
                        new Grant(owner, "CONNECT", false),
                        new Grant(owner, "CREATE", false),
                        new Grant(reader, "CONNECT", true)),
                List.of(
                        new Setting(null, "default_transaction_read_only", "on"),
                        new Setting(null, "search_path", "\"$user\", \"Sch ema\""),
                        new Setting(reader, "work_mem", "7MB"),
                        new Setting(null, "nonesuch_setting", "1")),
                7,
                "nonesuch_space",
                List.of());
        HandMadeStream stream = HandMadeStream.ofTable(name, 3, "new")
                .properties(properties)
                .account('"' + owner + '"', "CREATE ROLE \"" + owner + "\" LOGIN")
                .account('"' + reader + '"', "CREATE ROLE " + reader, "GRANT \"" + owner + "\" TO " + reader)
                .account("\"postgres\"", "ALTER ROLE postgres NOSUPERUSER", "ALTER ROLE postgres NOSUPERUSER");

        SwitchReport report = bench.restore(stream, null);

        assertThat(SERVER.sql(
                        "postgres",
                        "SELECT pg_get_userbyid(datdba), datconnlimit, shobj_description(oid, 'pg_database'), datacl"
                                + " FROM pg_database WHERE datname = " + literal(name)))
                .isEqualTo(owner + "|7|it's a \\ comment\nof two lines|{\"\\\"" + owner + "\\\"=Cc/\\\"" + owner
                        + "\\\"\"," + '"' + reader + "=c*/\\\"" + owner + "\\\"\"}\n");
        assertThat(SERVER.sql(
                        "postgres",
                        "SELECT coalesce(r.rolname, '-'), array_to_string(setconfig, ';') FROM pg_db_role_setting s"
                                + " LEFT JOIN pg_roles r ON r.oid = setrole WHERE setdatabase = (SELECT oid FROM pg_database"
                                + " WHERE datname = " + literal(name) + ") ORDER BY 1"))
                .isEqualTo("-|default_transaction_read_only=on;search_path=\"$user\", \"Sch ema\"\n" + reader
                        + "|work_mem=7MB\n");
        assertThat(SERVER.sql(
                        "postgres", "SELECT pg_has_role(" + literal(reader) + ", " + literal(owner) + ", 'MEMBER')"))
                .isEqualTo("t\n");
        assertThat(report.warnings())
                .hasSize(3)
                .anyMatch(warning -> warning.contains("nonesuch_space"))
                .anyMatch(warning -> warning.contains("version") && warning.contains("1.2.3"))
                .anyMatch(warning -> warning.startsWith("not restored") && warning.contains("nonesuch_setting"));
        bench.dropAll();
        SERVER.sql("postgres", "DROP ROLE " + reader + "; DROP ROLE \"" + owner + '"');
    }

    @Test
    void localeThatTheServerLacksIsRefusedAndNothingIsTouched() {
        String name = bench.live("lacking", 5, "old");
        PostgresProperties properties = OrdinaryProperties.inLocale("UTF8", "libc", "xx_YY.UTF-8", "xx_YY.UTF-8", null);
        bench.refused(
                        HandMadeStream.ofTable(name, 1, "new").properties(properties),
                        bench.options(null, true, false),
                        ExitCode.UNSUITABLE)
                .hasMessageContaining("xx_YY.UTF-8");
        assertThat(bench.rows(name)).isEqualTo("5 old");
    }

    @Test
    void copyOfAFormerDatabaseIsNotAFormerDatabase() throws IOException {
        String name = bench.live("live", 5, "old");
        bench.restore(HandMadeStream.ofTable(name, 3, "new"), null);
        String comment = SERVER.sql(
                        "postgres",
                        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = "
                                + literal(name + "__bpipe_old"))
                .strip();
        String copy = bench.name("copy");

        bench.restore(HandMadeStream.ofTable(name, 1, "copy").properties(OrdinaryProperties.commented(comment)), copy);

        new PostgresFormer(bench.connection("postgres"), name).discard();
        assertThat(bench.rows(copy)).isEqualTo("1 copy");
        assertThat(bench.databasesLike(name)).containsExactly(name);
    }

    @Test
    void missingOwnerIsAWarning() throws IOException {
        String name = bench.name("ownerless");
        HandMadeStream stream = HandMadeStream.ofTable(name, 1, "new")
                .properties(OrdinaryProperties.ownedBy("nobody_here"))
                .block(Phase.FINISH, null, "SELECT 1;\n");

        assertThat(bench.restore(stream, null).warnings()).anyMatch(warning -> warning.contains("nobody_here"));
    }
}
