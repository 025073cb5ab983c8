package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.testkit.AwkwardMariaDb;
import io.github.bpipe.testkit.AwkwardPostgres;
import io.github.bpipe.testkit.MariaDbFingerprint;
import io.github.bpipe.testkit.PostgresFingerprint;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import io.github.bpipe.testkit.ThrowawayPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Single tables exchanged in live databases: they are as in the dump, and everything else is as it was. */
@Timeout(180)
class OnlyLiveIT {
    private static final String NAME = "only live it";
    private static final ThrowawayMariaDb MARIADB = ThrowawayMariaDb.shared();
    private static final ThrowawayPostgres POSTGRES = ThrowawayPostgres.shared();

    @TempDir
    private Path folder;

    @AfterEach
    void drop() {
        for (String name : List.of(NAME, NAME + "__bpipe_old")) {
            MARIADB.sql("", "SET foreign_key_checks = 0; DROP DATABASE IF EXISTS `" + name + "`");
            AwkwardPostgres.drop(POSTGRES, name);
        }
        AwkwardPostgres.dropRoles(POSTGRES);
    }

    @Test
    void tablesOfMariaDbAreExchangedWithTheirTriggersAndBack() throws IOException {
        AwkwardMariaDb.create(MARIADB, NAME);
        Map<String, String> dumped = MariaDbFingerprint.of(MARIADB, NAME);
        dump("mariadb", mariaDb());
        MARIADB.sql(NAME, """
                DELETE FROM `order`; DROP TRIGGER `first`; CREATE TRIGGER later AFTER INSERT ON `order` FOR EACH ROW SET @x = 1;
                DELETE FROM types; DELETE FROM versioned; DELETE FROM `text and nothing`; SELECT NEXTVAL(numbers);
                INSERT INTO numbered VALUES (); DROP TABLE period; INSERT INTO log (what) VALUES ('later');
                UPDATE child SET parent = parent; CREATE TABLE later (i int); CREATE VIEW later_view AS SELECT 1 AS one""");
        Map<String, String> live = MariaDbFingerprint.of(MARIADB, NAME);
        String chosen = "order|types|versioned|text and nothing|numbered|period";

        Installed.Answer answer = exchange(mariaDb(), chosen, "");
        assertThat(answer.status()).as(answer.err()).isZero();
        assertThat(answer.err()).contains("the former tables are kept in " + NAME + "__bpipe_old");
        Map<String, String> now = MariaDbFingerprint.of(MARIADB, NAME);
        assertOnly(now, chosen, dumped, live);

        String former = mariaDb() + " --engine mariadb --database '" + NAME + "'";
        assertThat(Installed.shell("$WRITER status" + former).text()).contains("some tables of dump ");
        Installed.Answer rollback = Installed.shell("$WRITER rollback" + former);
        assertThat(rollback.status()).as(rollback.err()).isZero();
        Map<String, String> back = new TreeMap<>(MariaDbFingerprint.of(MARIADB, NAME));
        // a table that was not there stays
        assertThat(back.keySet().removeIf(key -> key.endsWith(" period"))).isTrue();
        assertSame(back, live);
        assertThat(Installed.shell("$WRITER rollback" + former).status()).isZero();
        assertSame(MariaDbFingerprint.of(MARIADB, NAME), now);
        assertThat(Installed.shell("$WRITER discard" + former).status()).isZero();
        assertThat(MARIADB.sql("", "SHOW DATABASES LIKE '" + NAME + "%'").strip())
                .isEqualTo(NAME);
    }

    @Test
    void whatDependsOnTablesOfMariaDbIsNamedAndNothingHappens() throws IOException {
        AwkwardMariaDb.create(MARIADB, NAME);
        dump("mariadb", mariaDb());
        MARIADB.sql(
                NAME,
                "ALTER TABLE `order` ADD COLUMN more int; DROP TABLE period; CREATE VIEW period AS SELECT 1 AS i");
        Map<String, String> live = MariaDbFingerprint.of(MARIADB, NAME);
        Installed.Answer keys = exchange(mariaDb(), "parent", "--ignore-dependents");
        assertThat(keys.status()).isEqualTo(ExitCode.UNSUITABLE.code());
        assertThat(keys.err())
                .contains(
                        "child to parent (child_parent), parent to child (parent_child)",
                        "hint: restore those tables too");
        Installed.Answer columns = exchange(mariaDb(), "order", "");
        assertThat(columns.status()).isEqualTo(ExitCode.UNSUITABLE.code());
        assertThat(columns.err()).contains("order.more", "--ignore-dependents");
        Installed.Answer view = exchange(mariaDb(), "period", "--ignore-dependents");
        assertThat(view.err()).contains("these are views now: period");
        assertThat(exchange(mariaDb(), "order", "--mode in-place").status()).isEqualTo(ExitCode.USAGE.code());
        assertThat(MariaDbFingerprint.of(MARIADB, NAME)).isEqualTo(live);
        assertThat(MARIADB.sql("", "SHOW DATABASES LIKE '" + NAME + "%'").strip())
                .isEqualTo(NAME);

        assertThat(exchange(mariaDb(), "order", "--ignore-dependents --no-keep").status())
                .isZero();
        assertThat(exchange(mariaDb(), "parent|child", "--no-keep").status()).isZero();
        assertThat(MARIADB.sql("", "SHOW DATABASES LIKE '" + NAME + "%'").strip())
                .isEqualTo(NAME);
        assertThat(MARIADB.sql(NAME, "SHOW COLUMNS FROM `order` LIKE 'more'")).isEmpty();
    }

    @Test
    void tablesOfPostgresAreExchangedWithWhatHangsOnThem() throws IOException {
        AwkwardPostgres.create(POSTGRES, NAME);
        POSTGRES.sql(NAME, """
                CREATE TABLE public.keeper (id int PRIMARY KEY);
                CREATE TABLE public.pet (id serial PRIMARY KEY, keeper int REFERENCES public.keeper, name text);
                CREATE TABLE public.toy (pet int REFERENCES public.pet ON DELETE CASCADE);
                CREATE VIEW public.shown WITH (security_barrier) AS SELECT pet.name FROM public.pet;
                GRANT SELECT ON public.shown, public.pet TO awkward_reader;
                INSERT INTO public.keeper VALUES (1); INSERT INTO public.pet (keeper, name) VALUES (1, 'a'), (1, 'b');
                INSERT INTO public.toy VALUES (1)""");
        Map<String, String> dumped = PostgresFingerprint.of(POSTGRES, NAME);
        dump("postgresql", postgres());
        POSTGRES.sql(NAME, """
                DELETE FROM public.pet; INSERT INTO public.toy VALUES (NULL); TRUNCATE public.awkward_values;
                DROP INDEX public."trgm; index"; ALTER TABLE public.secrets DISABLE ROW LEVEL SECURITY; DELETE FROM public.secrets;
                ALTER TABLE public.typed ADD COLUMN later int; CREATE TABLE public.later (i int)""");
        Map<String, String> live = PostgresFingerprint.of(POSTGRES, NAME);
        String chosen = "typed|awkward_values|secrets|pet";

        Installed.Answer refused = exchange(postgres(), chosen, "");
        assertThat(refused.status()).isEqualTo(ExitCode.UNSUITABLE.code());
        assertThat(refused.err())
                .contains("foreign key pet_keeper_fkey of public.pet to public.keeper")
                .contains("foreign key toy_pet_fkey of public.toy to public.pet", "view public.shown")
                .contains("--ignore-dependents");
        assertThat(PostgresFingerprint.of(POSTGRES, NAME)).isEqualTo(live);

        Installed.Answer answer = exchange(postgres(), chosen, "--ignore-dependents --no-keep");
        assertThat(answer.status()).as(answer.err()).isZero();
        assertOnly(PostgresFingerprint.of(POSTGRES, NAME), chosen + "|trgm; index", dumped, live);
        assertThat(POSTGRES.sql(NAME, "SELECT count(*) FROM public.shown").strip())
                .isEqualTo("2");
        assertThat(POSTGRES.sql(NAME, "INSERT INTO public.pet (keeper) VALUES (1) RETURNING id")
                        .strip())
                .startsWith("3");

        assertThat(exchange(postgres(), "secrets", "").status()).isZero();
        assertThat(POSTGRES.sql(NAME, "SELECT count(*) FROM public__bpipe_old.secrets")
                        .strip())
                .isEqualTo("2");
        Installed.Answer kept = exchange(postgres(), "secrets", "");
        assertThat(kept.status()).isEqualTo(ExitCode.TARGET.code());
        assertThat(kept.err()).contains("still kept, in the schema public__bpipe_old", "hint: DROP SCHEMA");
    }

    @Test
    void whatPostgresCannotMakeAnewIsRefused() throws IOException {
        AwkwardPostgres.create(POSTGRES, NAME);
        POSTGRES.sql(NAME, """
                CREATE TABLE public.watched (i int);
                CREATE FUNCTION public.look() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
                CREATE TRIGGER looks BEFORE INSERT ON public.watched FOR EACH ROW EXECUTE FUNCTION public.look()""");
        dump("postgresql", postgres());
        Installed.Answer orders = exchange(postgres(), "sales.orders", "--ignore-dependents");
        assertThat(orders.status()).isEqualTo(ExitCode.UNSUITABLE.code());
        assertThat(orders.err()).contains("because on them depend: ", "sales.stats");
        Installed.Answer parts = exchange(postgres(), "measurements", "--ignore-dependents");
        assertThat(parts.err()).contains("cannot be exchanged one by one: \"public\".\"measurements\"");
        Installed.Answer published = exchange(postgres(), "egg|hen", "--ignore-dependents");
        assertThat(published.err()).contains("publication");
        POSTGRES.sql(NAME, "DROP FUNCTION public.look CASCADE");
        Map<String, String> live = PostgresFingerprint.of(POSTGRES, NAME);
        Installed.Answer lacking = exchange(postgres(), "watched", "");
        assertThat(lacking.status()).as(lacking.err()).isEqualTo(ExitCode.LOAD_FAILED.code());
        assertThat(lacking.err()).contains("the live database refused the tables", "look");
        assertThat(PostgresFingerprint.of(POSTGRES, NAME)).isEqualTo(live);
    }

    /** What concerns the chosen tables is as it was dumped, and all else as it was live. */
    static void assertOnly(
            Map<String, String> now, String chosen, Map<String, String> dumped, Map<String, String> live) {
        Pattern ours = Pattern.compile(".*\\b(" + chosen + ")(\\b|_).*", Pattern.DOTALL);
        Map<String, String> wanted = new TreeMap<>();
        dumped.forEach((key, value) -> {
            if (ours.matcher(key).matches()) {
                wanted.put(key, value);
            }
        });
        live.forEach((key, value) -> {
            if (!ours.matcher(key).matches()) {
                wanted.put(key, value);
            }
        });
        // a trigger gets the collation that the database has now
        wanted.replaceAll(OnlyLiveIT::withoutCollation);
        Map<String, String> surplus = new TreeMap<>(now);
        surplus.replaceAll(OnlyLiveIT::withoutCollation);
        assertSame(surplus, wanted);
    }

    private static void assertSame(Map<String, String> actual, Map<String, String> expected) {
        Map<String, String> found = new TreeMap<>(actual);
        Map<String, String> wanted = new TreeMap<>(expected);
        found.entrySet().removeAll(expected.entrySet());
        wanted.entrySet().removeAll(actual.entrySet());
        assertThat(found).isEqualTo(wanted);
    }

    private static String withoutCollation(String key, String value) {
        return key.startsWith("trigger ") ? value.replaceAll("utf8mb4_(german2|unicode)_ci", "-") : value;
    }

    private void dump(String engine, String connection) {
        String database = " --database '" + NAME + "'";
        Installed.Answer dump = Installed.shell(
                "$READER --engine " + engine + database + connection + " > " + folder.resolve("stream"));
        assertThat(dump.status()).as(dump.err()).isZero();
    }

    private Installed.Answer exchange(String connection, String tables, String options) {
        return Installed.shell("$WRITER" + connection + " --only '" + tables.replace('|', ',') + "' " + options + " < "
                + folder.resolve("stream"));
    }

    private static String mariaDb() {
        return " --socket=" + MARIADB.socket() + " --user=root";
    }

    private static String postgres() {
        return " --socket=" + POSTGRES.socketFolder() + " --user=postgres --clients=" + POSTGRES.programs();
    }
}
