package io.github.bpipe.writer.target.sqlite;

import io.github.bpipe.testkit.Programs;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another process that has a database open: the sqlite3 program. */
final class SqliteUser implements Closeable {
    private static final String END = "<<end>>";

    private final Process process;
    private final BufferedReader out;

    SqliteUser(Path database, String... sql) throws IOException {
        process = new ProcessBuilder(
                        Programs.find("sqlite3", "sqlite3"), "-batch", "-cmd", ".timeout 5000", database.toString())
                .redirectErrorStream(true)
                .start();
        out = process.inputReader(StandardCharsets.UTF_8);
        for (String statement : sql) {
            ask(statement);
        }
    }

    /** What a statement prints, errors included. */
    String ask(String sql) throws IOException {
        process.outputWriter(StandardCharsets.UTF_8).write(sql + ";\nSELECT '" + END + "';\n");
        process.outputWriter(StandardCharsets.UTF_8).flush();
        List<String> lines = new ArrayList<>();
        for (String line = out.readLine(); line != null && !line.equals(END); line = out.readLine()) {
            lines.add(line);
        }
        return String.join("\n", lines);
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() throws IOException {
        process.outputWriter(StandardCharsets.UTF_8).close();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
