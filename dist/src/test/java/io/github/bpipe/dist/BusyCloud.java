package io.github.bpipe.dist;

import io.github.bpipe.testkit.ThrowawayCloud;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An application that writes a file and its row together, all the time, and does nothing in maintenance mode; and a service:
 * where it is to stop, it ends what it is about first.
 */
final class BusyCloud implements AutoCloseable {
    private final ThrowawayCloud cloud;
    private final ThrowawayMariaDb server;
    private final String database;
    private final FakeSystemd systemd;
    private final AtomicInteger written = new AtomicInteger();
    private final Thread thread = new Thread(this::work, "busy-cloud");
    private volatile boolean ended;

    BusyCloud(ThrowawayCloud cloud, ThrowawayMariaDb server, String database, FakeSystemd systemd) throws IOException {
        this.cloud = cloud;
        this.server = server;
        this.database = database;
        this.systemd = systemd;
        server.sql("", "CREATE DATABASE " + database);
        server.sql(database, "CREATE TABLE oc_files (name varchar(64) PRIMARY KEY)");
        systemd.unit("web", "active");
        Files.writeString(systemd.file("web.waits"), "");
    }

    void start() {
        thread.start();
    }

    /** How many files it has written. */
    int written() {
        return written.get();
    }

    /** The rows of a database. */
    static Set<String> rows(ThrowawayMariaDb server, String database) {
        return server.sql(database, "SELECT name FROM oc_files").lines().collect(Collectors.toCollection(TreeSet::new));
    }

    /** The files below a folder of the users' files. */
    static Set<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    Path folder() {
        return cloud.data().resolve("alice/files");
    }

    @Override
    public void close() {
        ended = true;
        try {
            thread.join();
            Files.deleteIfExists(systemd.file("web.waits"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void work() {
        try {
            while (!ended) {
                boolean stopped = !systemd.state("web").equals("active");
                Files.writeString(systemd.file("web.waits"), stopped ? "stopped" : "");
                if (stopped || Files.readString(cloud.config()).contains("'maintenance' => true")) {
                    Thread.onSpinWait();
                    continue;
                }
                String name = "file-" + written.get();
                Files.writeString(folder().resolve(name), name);
                server.sql(database, "INSERT INTO oc_files VALUES ('" + name + "')");
                written.incrementAndGet();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
