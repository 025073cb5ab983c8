package io.github.bpipe.writer;

import io.github.bpipe.writer.target.mariadb.MariaDbSteps;
import io.github.bpipe.writer.target.postgres.PostgresSteps;
import io.github.bpipe.writer.target.sqlite.SqliteSteps;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Where a restore meets a fault: before a byte of its input, at a named step behind the input's end, a while after such a
 * step, or anywhere.
 *
 * @param name in the table
 * @param offset of that byte, or -1
 * @param step name of a step of the engine's switch, or {@link #CHECK}; or null
 * @param millis since that step, or else since the start of the process; or -1
 */
record FaultPoint(String name, long offset, String step, long millis) {
    /** Everything is loaded, and about to be compared with what the stream promises. */
    static final String CHECK = "CHECK";

    private static final Map<String, List<String>> SWITCHES = Map.of(
            "mariadb", List.of("RENAME_QUEUED", "RENAMED"),
            "postgresql", List.of("RENAMED", "SWITCHED"),
            "sqlite", List.of("FORMER_SAFE", "SWITCHED"));

    static FaultPoint atByte(String name, long offset) {
        return new FaultPoint(name, offset, null, -1);
    }

    static FaultPoint atStep(String name, String step) {
        return new FaultPoint(name, -1, step, -1);
    }

    static FaultPoint afterMillis(long millis) {
        return new FaultPoint(millis + " ms", -1, null, millis);
    }

    /** Somewhere in what follows a step. */
    static FaultPoint behindStep(String step, long millis) {
        return new FaultPoint(step + " + " + millis + " ms", -1, step, millis);
    }

    /** Every named step behind the input's end, in their order. */
    static List<String> steps(String engine) {
        List<String> steps = new ArrayList<>(List.of(CHECK));
        steps.addAll(
                switch (engine) {
                    case "mariadb" -> MariaDbSteps.names();
                    case "postgresql" -> PostgresSteps.names();
                    default -> SqliteSteps.names();
                });
        return steps;
    }

    /** The seven of the matrix, in their order. */
    static List<FaultPoint> all(String engine, FaultStream stream) {
        return List.of(
                atByte("before header", 0),
                atByte("in schema", stream.inSchema()),
                atByte("in data", stream.inData()),
                atByte("before trailer", stream.trailer()),
                atStep("staged check", CHECK),
                atStep("switch", SWITCHES.get(engine).get(0)),
                atStep("after switch", SWITCHES.get(engine).get(1)));
    }

    boolean inInput() {
        return offset >= 0;
    }

    /** True where the old database must be live afterwards. */
    boolean beforeSwitch() {
        return inInput() || (CHECK.equals(step) && millis < 0);
    }

    @Override
    public String toString() {
        return name;
    }
}
