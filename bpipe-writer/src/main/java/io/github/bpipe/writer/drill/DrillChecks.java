package io.github.bpipe.writer.drill;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.engine.PostgresClients;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.engine.SqliteFile;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.profile.DrillCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Asks a restored database the profile's own questions, each in a session of its own. */
final class DrillChecks {
    private static final Duration BUSY_LIMIT = Duration.ofSeconds(10);
    private static final int NAMED = 3;
    private static final int SHOWN_CHARACTERS = 200;
    private static final String NULL = "NULL";

    private final Engine engine;
    private final Connection connection;
    private final String database;

    DrillChecks(Engine engine, Connection connection, String database) {
        this.engine = engine;
        this.connection = connection;
        this.database = database;
    }

    /** The answer, or the error in place of it. */
    DrillAnswer ask(DrillCheck check) throws IOException {
        String sql = check.sql().strip().replaceFirst("[;\\s]+$", "");
        String answer;
        boolean answered = true;
        try {
            answer = engine == Engine.SQLITE ? askFile(sql) : askServer(sql);
        } catch (Failure e) {
            answer = e.getMessage();
            answered = false;
        }
        boolean good = answered && answer.equals(check.expect().strip());
        return new DrillAnswer(check.name(), check.sql(), check.expect(), answer, good);
    }

    /** Fails where an answer is not the expected one. */
    static void require(List<DrillAnswer> answers) throws Failure {
        List<DrillAnswer> wrong =
                answers.stream().filter(answer -> !answer.good()).toList();
        if (!wrong.isEmpty()) {
            String named = wrong.stream()
                    .limit(NAMED)
                    .map(each -> each.name() + " answered " + shown(each.answer()) + ", expected is "
                            + shown(each.expected()))
                    .collect(Collectors.joining("; "));
            throw new Failure(
                    ExitCode.DRILL_CHECK,
                    wrong.size() + " of " + answers.size() + " checks failed: " + named,
                    "look at the restored data (bpipe-writer --into NAME), or correct drill.checks in the profile");
        }
    }

    private static String shown(String text) {
        return text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS) + "...";
    }

    private String askServer(String sql) throws IOException {
        try (SqlSession session = engine == Engine.POSTGRESQL
                ? new PostgresClients(connection).session(database)
                : new MariaDbClients(engine, connection).session(database)) {
            return text(session.query(sql));
        }
    }

    private String askFile(String sql) throws Failure {
        try (java.sql.Connection file = SqliteFile.open(Path.of(database), BUSY_LIMIT);
                Statement statement = file.createStatement()) {
            List<List<String>> rows = new ArrayList<>();
            if (statement.execute(sql)) {
                try (ResultSet result = statement.getResultSet()) {
                    while (result.next()) {
                        List<String> row = new ArrayList<>();
                        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                            row.add(result.getString(i));
                        }
                        rows.add(row);
                    }
                }
            }
            return text(rows);
        } catch (SQLException e) {
            throw SqliteFile.failure(Path.of(database), e, ExitCode.DRILL_CHECK);
        }
    }

    private static String text(List<List<String>> rows) {
        return rows.stream()
                .map(row ->
                        row.stream().map(field -> field == null ? NULL : field).collect(Collectors.joining("\t")))
                .collect(Collectors.joining("\n"))
                .strip();
    }
}
