package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.writer.target.TargetOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A process that restores, or rolls back, and dies at a step of the switch as if killed: nothing of its own is ended. */
final class MariaDbCrash {
    static final int KILLED = 137;

    private MariaDbCrash() {}

    /** Arguments: socket, what to do ({@code restore} or {@code rollback}), live database, step, file of the dump. */
    public static void main(String[] args) throws IOException {
        Connection connection = new Connection(null, null, Path.of(args[0]), "root", null, null, null);
        MariaDbStep last = MariaDbStep.valueOf(args[3]);
        MariaDbStep.Listener dieAt = step -> {
            if (step == last) {
                Runtime.getRuntime().halt(KILLED);
            }
        };
        if (args[1].equals("rollback")) {
            new MariaDbFormer(Engine.MARIADB, connection, args[2], dieAt).rollback();
            return;
        }
        MariaDbDump dump = MariaDbDump.load(Path.of(args[4]));
        TargetOptions options = new TargetOptions(connection, args[2], false, true, true, true);
        dump.restore(new MariaDbTarget(Engine.MARIADB, options, Duration.ofSeconds(3), dieAt), () -> {});
    }

    /** Runs {@link #main} in a Java of its own. */
    static int run(String... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                MariaDbCrash.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
