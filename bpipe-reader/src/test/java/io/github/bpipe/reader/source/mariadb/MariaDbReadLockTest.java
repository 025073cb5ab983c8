package io.github.bpipe.reader.source.mariadb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.engine.MariaDbLocks;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Readers beside each other, and none beside a writer that exchanges the tables. */
class MariaDbReadLockTest {
    private static final String DATABASE = "locked";

    private final ThrowawayMariaDb server = ThrowawayMariaDb.shared();
    private final MariaDbClients clients =
            new MariaDbClients(Engine.MARIADB, new Connection(null, null, server.socket(), "root", null, null, null));

    @Test
    void readersShareItAndAWriterKeepsThemOut() throws IOException {
        try (MariaDbReadLock first = take();
                MariaDbReadLock second = take()) {
            first.requireHeld();
            second.requireHeld();
        }
        try (SqlSession writer = clients.session(null)) {
            for (String lock : MariaDbLocks.ofReaders(DATABASE)) {
                assertThat(writer.value("SELECT GET_LOCK('" + lock + "', 10)")).isEqualTo("1");
            }
            Failure failure = catchThrowableOfType(Failure.class, this::take);
            assertThat(failure.exitCode()).isEqualTo(ExitCode.BUSY);
            assertThat(failure).hasMessageContaining("a restore is exchanging the tables of " + DATABASE);
        }
    }

    @Test
    void aReaderThatWasEndedKnows() throws IOException {
        try (MariaDbReadLock lock = take()) {
            String first = MariaDbLocks.ofReaders(DATABASE).get(0);
            server.sql("", "SET @id = IS_USED_LOCK('" + first + "'); EXECUTE IMMEDIATE CONCAT('KILL ', @id)");
            Failure failure = catchThrowableOfType(Failure.class, lock::requireHeld);
            assertThat(failure.exitCode()).isEqualTo(ExitCode.BUSY);
            assertThat(failure).hasMessageContaining("a restore exchanged its tables meanwhile");
        }
    }

    private MariaDbReadLock take() throws IOException {
        return MariaDbReadLock.take(clients, DATABASE, Duration.ZERO);
    }
}
