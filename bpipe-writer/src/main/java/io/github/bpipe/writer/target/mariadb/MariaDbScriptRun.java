package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.process.Child;
import io.github.bpipe.core.process.Command;
import io.github.bpipe.writer.target.MarkedOutput;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client that is fed one script, of any length, piece by piece; it stops at the script's first error. */
final class MariaDbScriptRun implements Closeable {
    private static final Pattern LINE = Pattern.compile(" at line (\\d+)");

    private static final int PIECE_BYTES = 64 << 10;

    /** {@code ER_DISK_FULL} and {@code ER_RECORD_FILE_FULL}. */
    private static final Set<Integer> DISK_FULL = Set.of(1021, 1114);

    private final Child child;
    private final MariaDbClients clients;
    private final OutputStream stdin;
    private final MarkedOutput output;
    private byte[] piece = new byte[0];
    private long lines;

    MariaDbScriptRun(Command command, MariaDbClients clients) throws Failure {
        this.clients = clients;
        this.child = Child.start(command);
        this.stdin = child.stdin();
        this.output = new MarkedOutput(child.stdout());
    }

    void write(String sql) throws IOException {
        byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
        write(bytes, bytes.length);
    }

    /** Hands bytes to the client; a client that has ended says why. */
    void write(byte[] bytes, int length) throws IOException {
        try {
            stdin.write(bytes, 0, length);
            stdin.flush();
        } catch (IOException e) {
            throw failure(child.await());
        }
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '\n') {
                lines++;
            }
        }
    }

    /** As {@link #write(byte[], int)}, from the buffer's position to its limit, which stay as they are. */
    void write(ByteBuffer content) throws IOException {
        if (piece.length == 0) {
            piece = new byte[PIECE_BYTES];
        }
        for (ByteBuffer left = content.duplicate(); left.hasRemaining(); ) {
            int length = Math.min(left.remaining(), piece.length);
            left.get(piece, 0, length);
            write(piece, length);
        }
    }

    /** Waits until everything so far has been executed; the script must stand between two statements. */
    void sync() throws IOException {
        write("SELECT '" + output.mark() + "';\n");
        if (!output.awaitMark()) {
            throw failure(child.await());
        }
    }

    /** Lines written so far: what follows begins on the next one. */
    long lines() {
        return lines;
    }

    boolean isAlive() {
        return child.isAlive();
    }

    /** The script is whole; the client ends when it has run it. */
    void end() throws IOException {
        try {
            stdin.close();
        } catch (IOException e) {
            throw failure(child.await());
        }
    }

    /** The script is whole: waits for its end, and fails where the client or the server refused a part of it. */
    void finish() throws IOException {
        end();
        output.awaitEnd();
        int status = child.await();
        if (status != 0) {
            throw failure(status);
        }
    }

    /** The script's line that the client complained about, counted from 1; 0 where it named none. */
    long failedLine() {
        Matcher matcher = LINE.matcher(child.stderr());
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }

    /** Why the client ended, in its own words or the server's. */
    Failure failure(int status) {
        String said = child.stderr().strip();
        int number = MariaDbClients.errorNumber(said);
        if (said.isEmpty() || (number >= 2000 && number < 3000) || number == 1045 || number == 1698) {
            Failure known = clients.failure(status, said);
            return said.isEmpty()
                    ? new Failure(ExitCode.LOAD_FAILED, "the client ended with status " + status, known.hint())
                    : known;
        }
        if (DISK_FULL.contains(number) || said.contains("Errcode: 28") || said.contains("errno: 28")) {
            return new Failure(
                    ExitCode.SPACE,
                    said.lines().findFirst().orElse(said),
                    "make room on the disk of the server, then restore again");
        }
        return new Failure(
                ExitCode.LOAD_FAILED,
                said.lines().findFirst().orElse(said),
                "does this server know everything that the dumped one knew? compare their versions");
    }

    @Override
    public void close() {
        child.close();
    }
}
