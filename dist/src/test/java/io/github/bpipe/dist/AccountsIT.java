package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.testkit.ThrowawayMariaDb;
import io.github.bpipe.testkit.ThrowawayPostgres;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On a server that knows nothing of the application, its own account works after a restore. */
@Timeout(120)
class AccountsIT {
    private static final ThrowawayMariaDb MARIADB = ThrowawayMariaDb.shared();
    private static final ThrowawayPostgres POSTGRES = ThrowawayPostgres.shared();

    @AfterAll
    static void drop() {
        MARIADB.sql(
                "",
                "DROP DATABASE my_app; DROP USER app@localhost, viewer@localhost, clerk@localhost; DROP ROLE readers");
        POSTGRES.sql("postgres", "DROP DATABASE pg_it_app WITH (FORCE)");
        POSTGRES.sql("postgres", "DROP ROLE it_app, it_owner, it_readers, it_viewer");
    }

    @Test
    void theApplicationOfAMariaDbDatabaseWorksOnAFreshServer() {
        MARIADB.sql(
                "",
                "CREATE DATABASE my_app; CREATE ROLE readers;"
                        + "CREATE USER app@localhost IDENTIFIED BY 'it''s; secret', viewer@localhost IDENTIFIED BY 'v',"
                        + " clerk@localhost IDENTIFIED BY 'c';"
                        + "GRANT ALL ON `my\\_app`.* TO app@localhost; GRANT SELECT ON `my\\_app`.* TO readers;"
                        + "GRANT readers TO viewer@localhost; SET DEFAULT ROLE readers FOR viewer@localhost;"
                        + "CREATE TABLE my_app.t (a int, b int); INSERT INTO my_app.t VALUES (1, 2);"
                        + "CREATE PROCEDURE my_app.p() SELECT 'called';"
                        + "CREATE DEFINER = app@localhost VIEW my_app.v AS SELECT a FROM my_app.t;"
                        + "GRANT SELECT (a) ON my_app.t TO clerk@localhost;"
                        + "GRANT EXECUTE ON PROCEDURE my_app.p TO clerk@localhost");
        ThrowawayMariaDb fresh = ThrowawayMariaDb.startWith(java.util.List.of());
        String copy = copyMariaDb(fresh, "my_app", "");
        assertThat(copy).doesNotContain("warning");
        assertThat(mariaDb(fresh, "app", "it's; secret", "my_app", "INSERT INTO t VALUES (3, 4); SELECT a FROM v"))
                .isEqualTo("1\n3\n");
        assertThat(mariaDb(fresh, "viewer", "v", "my_app", "SELECT b FROM t")).isEqualTo("2\n4\n");
        assertThat(mariaDb(fresh, "clerk", "c", "my_app", "SELECT a FROM t; CALL p()"))
                .isEqualTo("1\n3\ncalled\n");
        assertThat(mariaDb(fresh, "clerk", "c", "my_app", "SELECT b FROM t")).contains("SELECT command denied");

        // one that is there is never changed, also not for another name
        copyMariaDb(fresh, "other_name", "");
        assertThat(mariaDb(fresh, "app", "it's; secret", "other_name", "SELECT 1"))
                .contains("Access denied");

        fresh.sql("", "DROP USER app@localhost, viewer@localhost, clerk@localhost; DROP ROLE readers");
        copyMariaDb(fresh, "third_name", " --accounts skip");
        assertThat(fresh.sql("", "SELECT COUNT(*) FROM mysql.user WHERE user IN ('app', 'readers')"))
                .isEqualTo("0\n");
        copyMariaDb(fresh, "fourth_name", " --mode in-place");
        assertThat(mariaDb(fresh, "clerk", "c", "fourth_name", "SELECT a FROM t; CALL p()"))
                .isEqualTo("1\ncalled\n");
        assertThat(mariaDb(fresh, "app", "it's; secret", "fourth_name", "SELECT a FROM v"))
                .isEqualTo("1\n");
        assertThat(mariaDb(fresh, "app", "it's; secret", "fourthXname", "SELECT 1"))
                .contains("Access denied");
        fresh.stop(true);
    }

    @Test
    void theApplicationOfAPostgresDatabaseWorksOnAFreshCluster() {
        POSTGRES.sql(
                "postgres",
                "CREATE ROLE it_owner; CREATE ROLE it_app LOGIN PASSWORD 'it''s; secret' IN ROLE it_owner;"
                        + "CREATE ROLE it_readers; CREATE ROLE it_viewer LOGIN PASSWORD 'v' IN ROLE it_readers");
        POSTGRES.sql("postgres", "CREATE DATABASE pg_it_app OWNER it_owner");
        POSTGRES.sql("postgres", "REVOKE CONNECT ON DATABASE pg_it_app FROM PUBLIC");
        POSTGRES.sql("postgres", "GRANT CONNECT ON DATABASE pg_it_app TO it_readers");
        POSTGRES.sql(
                "pg_it_app",
                "CREATE TABLE t (a int); ALTER TABLE t OWNER TO it_owner; GRANT SELECT ON t TO it_readers;"
                        + "INSERT INTO t VALUES (1)");
        ThrowawayPostgres fresh = ThrowawayPostgres.startWithPasswords();
        String copy = copyPostgres(fresh, "pg_it_app", "");
        assertThat(copy).doesNotContain("warning");
        assertThat(postgres(fresh, "it_app", "it's; secret", "pg_it_app", "INSERT INTO t VALUES (2); SELECT * FROM t"))
                .isEqualTo("1\n2\n");
        assertThat(postgres(fresh, "it_viewer", "v", "pg_it_app", "SELECT * FROM t"))
                .isEqualTo("1\n2\n");
        assertThat(postgres(fresh, "it_viewer", "v", "pg_it_app", "INSERT INTO t VALUES (3)"))
                .contains("permission denied");

        // one that is there is never changed
        fresh.sql("postgres", "ALTER ROLE it_viewer PASSWORD 'another'");
        copyPostgres(fresh, "pg_it_app", "");
        assertThat(postgres(fresh, "it_viewer", "another", "pg_it_app", "SELECT * FROM t"))
                .isEqualTo("1\n");
        fresh.stop(true);
    }

    private static String copyMariaDb(ThrowawayMariaDb to, String into, String options) {
        return copy("$READER --engine mariadb --database my_app --socket=" + MARIADB.socket() + " --user=root"
                + " | $WRITER --socket=" + to.socket() + " --user=root --into " + into + options);
    }

    private static String copyPostgres(ThrowawayPostgres to, String into, String options) {
        String clients = " --user=postgres --clients=" + POSTGRES.programs();
        return copy("$READER --engine postgresql --database pg_it_app --socket=" + POSTGRES.socketFolder() + clients
                + " | $WRITER --socket=" + to.socketFolder() + clients + " --into " + into + options);
    }

    private static String copy(String pipe) {
        Installed.Answer answer = Installed.shell(pipe);
        assertThat(answer.status()).as(answer.err()).isZero();
        return answer.err();
    }

    /** What the application gets to see: results and errors. */
    private static String mariaDb(ThrowawayMariaDb server, String user, String password, String database, String sql) {
        return shown(
                "mariadb --no-defaults --batch --skip-column-names --socket=" + server.socket() + " --user=" + user
                        + " -e \"" + sql + "\" " + database + " 2>&1",
                Map.of("MYSQL_PWD", password));
    }

    private static String postgres(
            ThrowawayPostgres server, String user, String password, String database, String sql) {
        return shown(
                server.programs().resolve("psql") + " -X -q -A -t -w -h " + server.socketFolder() + " -U " + user
                        + " -c \"" + sql + "\" " + database + " 2>&1",
                Map.of("PGPASSWORD", password));
    }

    private static String shown(String command, Map<String, String> environment) {
        return Installed.run(java.nio.file.Path.of("/bin/bash"), new byte[0], environment, "-c", command)
                .text();
    }
}
