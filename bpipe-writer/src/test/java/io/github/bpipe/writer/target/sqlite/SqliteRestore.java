package io.github.bpipe.writer.target.sqlite;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.SqliteContents;
import io.github.bpipe.core.engine.SqliteFile;
import io.github.bpipe.core.engine.SqliteProperties;
import io.github.bpipe.core.stream.BlockHead;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.core.stream.Json;
import io.github.bpipe.core.stream.ObjectEntry;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.core.stream.StoredBlock;
import io.github.bpipe.writer.target.SwitchReport;
import io.github.bpipe.writer.target.TargetOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/** A restore of a plain database file, as a stream of it would ask for; also a program that can be killed at a step. */
final class SqliteRestore {
    private static final int BLOCK_BYTES = 50_000;

    private final Path plain;
    private final Path live;
    private String journalMode = "delete";
    private boolean inPlace;
    private boolean keep = true;
    private boolean replace = true;
    private Duration busyLimit = Duration.ofMillis(500);
    private List<ObjectEntry> promised;
    private Consumer<SqliteStep> steps = step -> {};

    SqliteRestore(Path plain, Path live) {
        this.plain = plain;
        this.live = live;
    }

    SqliteRestore journalMode(String mode) {
        journalMode = mode;
        return this;
    }

    SqliteRestore inPlace() {
        inPlace = true;
        return this;
    }

    SqliteRestore noKeep() {
        keep = false;
        return this;
    }

    SqliteRestore noReplace() {
        replace = false;
        return this;
    }

    SqliteRestore promising(List<ObjectEntry> objects) {
        promised = objects;
        return this;
    }

    SqliteRestore steps(Consumer<SqliteStep> listener) {
        steps = listener;
        return this;
    }

    SqliteRestore busyLimit(Duration limit) {
        busyLimit = limit;
        return this;
    }

    SwitchReport run() throws IOException {
        try (SqliteTarget target = target()) {
            target.prepare(header());
            load(target);
            target.check(promised == null ? objects(plain) : promised);
            return target.switchOver();
        }
    }

    SqliteTarget target() {
        return new SqliteTarget(
                new TargetOptions(Connection.DEFAULT, live.toString(), inPlace, keep, replace, true), busyLimit, steps);
    }

    void load(SqliteTarget target) throws IOException {
        try (InputStream in = Files.newInputStream(plain)) {
            byte[] buffer = new byte[BLOCK_BYTES];
            for (int length = in.read(buffer); length > 0; length = in.read(buffer)) {
                target.load(StoredBlock.of(new BlockHead(0, Phase.DATA, null, length, 1, 0, true), buffer));
            }
        }
    }

    Header header() throws IOException {
        SqliteProperties properties = new SqliteProperties(
                Files.size(plain), journalMode, 0, null, 0, 0, 0, "nobody", "nogroup", "rw-r-----");
        return new Header(
                UUID.randomUUID(),
                "full",
                List.of(),
                "test",
                "sqlite",
                "/nowhere/else.db",
                null,
                Instant.now(),
                "3",
                "3",
                Json.toTree(properties),
                List.of(),
                new Header.Job("client", "17", "F"),
                null);
    }

    static List<ObjectEntry> objects(Path database) {
        try (java.sql.Connection connection = SqliteFile.open(database, Duration.ZERO)) {
            return SqliteContents.objects(connection);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** Restores and kills itself with SIGKILL at a step: {@code plain live step [in-place]}. */
    public static void main(String[] args) throws IOException {
        SqliteStep fatal = SqliteStep.valueOf(args[2]);
        SqliteRestore restore = new SqliteRestore(Path.of(args[0]), Path.of(args[1])).journalMode("wal");
        if (Arrays.asList(args).contains("in-place")) {
            restore.inPlace();
        }
        restore.steps(step -> {
                    if (step == fatal) {
                        killSelf();
                    }
                })
                .run();
    }

    private static void killSelf() {
        try {
            new ProcessBuilder(
                            "kill", "-9", String.valueOf(ProcessHandle.current().pid()))
                    .start()
                    .waitFor();
            throw new AssertionError("survived a kill -9");
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
