package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A statement that runs in the server while we do something else. */
final class MariaDbStatement {
    private final CompletableFuture<Void> done;

    private MariaDbStatement(CompletableFuture<Void> done) {
        this.done = done;
    }

    /** Sends it; the session is not to be used until it is done. */
    static MariaDbStatement start(SqlSession session, String sql) {
        return new MariaDbStatement(CompletableFuture.runAsync(() -> {
            try {
                session.execute(sql);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }));
    }

    /** True when it has ended, well or badly. */
    boolean isDone() {
        return done.isDone();
    }

    /** Waits for a while; true when it has ended well, and fails as it failed. */
    boolean isDone(Duration wait) throws IOException {
        try {
            done.get(wait.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UncheckedIOException wrapped) {
                throw wrapped.getCause();
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(ExitCode.INTERRUPTED, "interrupted while switching", "restore again", e);
        }
    }
}
