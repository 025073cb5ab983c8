package io.github.bpipe.writer;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.testkit.SmallDisk;
import io.github.bpipe.writer.target.Former;
import io.github.bpipe.writer.target.Formers;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One engine's live database on a disk of its own, two streams for it, and what can be done to whoever restores it. */
abstract class FaultBench implements java.io.Closeable {
    /** Tells the native clients of a server from its own processes, which have the same socket in their arguments. */
    private static final Set<String> CLIENTS = Set.of("mariadb", "mariadb-dump", "psql");

    final SmallDisk disk;
    private FaultStream oldStream;
    private FaultStream newStream;
    private Map<String, String> oldContent;
    private Map<String, String> newContent;

    FaultBench(SmallDisk disk) {
        this.disk = disk;
    }

    abstract String engine();

    abstract Connection connection();

    /** Name or file. */
    abstract String database();

    /** A stream of one of two databases that differ in every object. */
    abstract FaultStream make(boolean renewed) throws IOException;

    /** What {@link #around} says of the live database. */
    String liveName() {
        return database();
    }

    /** All that there is in the live database. */
    abstract Map<String, String> content() throws IOException;

    /** Databases or files with the live one's name in theirs. */
    abstract List<String> around() throws IOException;

    /** SIGKILL, and a new start. */
    abstract void killServer();

    /** After a fault: waits until the server answers again. */
    abstract void revive();

    abstract void loseConnections();

    /** Removes the former database where one is kept; true where there was one. */
    boolean discard() throws IOException {
        Former former = Formers.of(Engine.of(engine()), connection(), database());
        boolean kept = former.status().former() != null;
        if (kept) {
            former.discard();
        }
        return kept;
    }

    /** Makes the streams, and leaves the old one's database live. */
    void begin() throws IOException {
        oldStream = make(false);
        newStream = make(true);
        restore(newStream);
        newContent = content();
        restore(oldStream);
        oldContent = content();
    }

    /** After a failed test, so that the next one begins as usual. */
    void reset() throws IOException {
        disk.empty();
        revive();
        discard();
        restore(oldStream);
        discard();
    }

    private void restore(FaultStream stream) {
        FaultedWriter.Outcome outcome = FaultedWriter.restore(
                connection(), database(), false, new java.io.ByteArrayInputStream(stream.bytes()), step -> {});
        if (!outcome.restored()) {
            throw new AssertionError(outcome.said());
        }
    }

    FaultStream oldStream() {
        return oldStream;
    }

    FaultStream newStream() {
        return newStream;
    }

    /** {@code old} or {@code new}; fails where it is something else. */
    static String which(Map<String, String> found, Map<String, String> oldOne, Map<String, String> newOne) {
        if (found.equals(oldOne)) {
            return "old";
        }
        if (found.equals(newOne)) {
            return "new";
        }
        Map<String, String> strange = new java.util.TreeMap<>(found);
        strange.entrySet().removeAll(oldOne.entrySet());
        strange.entrySet().removeAll(newOne.entrySet());
        throw new AssertionError(
                "the live database is neither the old nor the new one: " + strange.keySet() + " of " + found.keySet());
    }

    Map<String, String> oldContent() {
        return oldContent;
    }

    String whichContent() throws IOException {
        return which(content(), oldContent, newContent);
    }

    /** By the rows, for the time before the next run has completed an interrupted switch. */
    String whichRows() throws IOException {
        return which(only(content()), only(oldContent), only(newContent));
    }

    /** The rows of a content. */
    abstract Map<String, String> only(Map<String, String> content);

    /** Client programs that are connected to our server, whoever started them. */
    List<ProcessHandle> clients() {
        return ProcessHandle.allProcesses()
                .filter(process -> CLIENTS.contains(process.info()
                        .command()
                        .map(command -> command.substring(command.lastIndexOf('/') + 1))
                        .orElse("")))
                .filter(process -> String.join(" ", process.info().arguments().orElse(new String[0]))
                        .contains(disk.folder().toString()))
                .toList();
    }
}
