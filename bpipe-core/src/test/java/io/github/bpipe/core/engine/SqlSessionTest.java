package io.github.bpipe.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.testkit.ThrowawayPostgres;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SqlSessionTest {
    private static final String AWKWARD = "tab\t, newline\n, return\r, both\r\n, \\ ' \" \ud83d\ude00 \u00e4";

    @Test
    void mariaDbAnswersWhatItIsAsked() throws IOException {
        try (SqlSession session = mariaDb("")) {
            assertThat(session.query("SELECT 1 WHERE FALSE")).isEmpty();
            assertThat(session.query("SELECT ''")).isEqualTo(List.of(List.of("")));
            assertThat(session.query("SELECT '' UNION ALL SELECT 'a'")).isEqualTo(List.of(List.of(""), List.of("a")));
            assertThat(session.query("SELECT 'a', NULL, 2")).isEqualTo(List.of(List.of("a", "NULL", "2")));
            assertThat(session.value("SELECT " + MariaDbClients.literal(AWKWARD)))
                    .isEqualTo(AWKWARD);
            assertThat(session.column("SELECT " + MariaDbClients.literal("\r") + " UNION ALL SELECT 'b'"))
                    .containsExactly("\r", "b");
            session.execute("SET @kept = 5");
            assertThat(session.value("SELECT @kept")).isEqualTo("5");
        }
    }

    @Test
    void postgresAnswersWhatItIsAsked() throws IOException {
        try (SqlSession session = postgres("postgres")) {
            assertThat(session.query("SELECT 1 WHERE FALSE")).isEmpty();
            assertThat(session.query("SELECT ''")).isEqualTo(List.of(List.of("")));
            assertThat(session.query("VALUES (''), ('a')")).isEqualTo(List.of(List.of(""), List.of("a")));
            assertThat(session.query("SELECT 'a', NULL, 2")).isEqualTo(List.of(Arrays.asList("a", null, "2")));
            assertThat(session.value("SELECT " + PostgresClients.literal(AWKWARD)))
                    .isEqualTo(AWKWARD);
            assertThat(session.column("VALUES (E'\\r'), (E'x\\n'), ('b')")).containsExactly("\r", "x\n", "b");
            session.execute("SET a.kept = '5'");
            assertThat(session.value("SHOW a.kept")).isEqualTo("5");
        }
    }

    @Test
    void identifiersAreQuotedForEachEngine() throws IOException {
        try (SqlSession session = mariaDb("")) {
            String name = "a `b` \"c\"";
            assertThat(session.value("SELECT " + MariaDbClients.identifier(name) + " FROM (SELECT 7 AS "
                            + MariaDbClients.identifier(name) + ") t"))
                    .isEqualTo("7");
        }
        try (SqlSession session = postgres("postgres")) {
            String name = "a `b` \"c\"";
            assertThat(session.value("SELECT " + PostgresClients.identifier(name) + " FROM (SELECT 7 AS "
                            + PostgresClients.identifier(name) + ") t"))
                    .isEqualTo("7");
        }
    }

    @Test
    void anErrorEndsTheSessionForGood() throws IOException {
        try (SqlSession session = mariaDb("")) {
            Failure first = catchThrowableOfType(Failure.class, () -> session.query("SELECT nothing"));
            assertThat(first.getMessage()).contains("ERROR 1054");
            assertThat(catchThrowableOfType(Failure.class, () -> session.query("SELECT 1")))
                    .isSameAs(first);
        }
        try (SqlSession session = postgres("postgres")) {
            Failure first = catchThrowableOfType(Failure.class, () -> session.query("SELECT nothing"));
            assertThat(first.getMessage()).contains("column \"nothing\" does not exist");
            assertThat(catchThrowableOfType(Failure.class, () -> session.query("SELECT 1")))
                    .isSameAs(first);
        }
    }

    @Test
    void anAnswerWithoutARowIsADefect() throws IOException {
        try (SqlSession session = mariaDb("")) {
            assertThat(catchThrowableOfType(Failure.class, () -> session.value("SELECT 1 WHERE FALSE"))
                            .exitCode())
                    .isEqualTo(ExitCode.INTERNAL);
        }
    }

    private static SqlSession mariaDb(String database) throws Failure {
        return new MariaDbClients(Engine.MARIADB, ClientFailuresTest.mariaDb("root", null))
                .session(database.isEmpty() ? null : database);
    }

    private static SqlSession postgres(String database) throws Failure {
        ThrowawayPostgres server = ThrowawayPostgres.shared();
        return new PostgresClients(
                        new Connection(null, null, server.socketFolder(), "postgres", null, null, server.programs()))
                .session(database);
    }
}
