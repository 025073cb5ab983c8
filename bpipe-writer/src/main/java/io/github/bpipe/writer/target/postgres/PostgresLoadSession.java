package io.github.bpipe.writer.target.postgres;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.process.Child;
import io.github.bpipe.core.stream.BlockHead;
import io.github.bpipe.writer.target.LoadSession;
import io.github.bpipe.writer.target.MarkedOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One psql that loads blocks into the staged database; tells by its line numbers which block it refused. */
final class PostgresLoadSession implements LoadSession {
    /**
     * A commit need not wait for the disk: nothing counts before the switch, whose own commit is flushed, and with it
     * everything before it.
     */
    private static final String SESSION = "SET synchronous_commit = off;\nSET client_min_messages = warning;\n";

    private static final int PIECE_BYTES = 64 << 10;

    private static final Pattern PLACE = Pattern.compile("psql:<stdin>:(\\d+): ");
    private static final int STATUS_CONNECTION_LOST = 2;
    private static final int FIRST_SIGNAL = 128;

    /** More pieces than the pipe and psql can hold unread, so that the one at fault is still known. */
    private static final int REMEMBERED = 4096;

    private record Sent(long firstLine, String what) {}

    private final Child psql;
    private final MarkedOutput output;
    private final Deque<Sent> sent = new ArrayDeque<>();
    private final byte[] piece = new byte[PIECE_BYTES];
    private long lines = 1;

    /**
     * Starts the session.
     *
     * @param settings statements for it, on top of the usual ones
     */
    PostgresLoadSession(RestrictedPsql psql, String database, String settings) throws IOException {
        this.psql = psql.start(database);
        this.output = new MarkedOutput(this.psql.stdout());
        try {
            write(SESSION + settings);
        } catch (IOException e) {
            this.psql.close();
            throw e;
        }
    }

    /** What is written from here on belongs to that block. */
    void enter(BlockHead head) {
        enter("block " + head.n() + (head.object() == null ? "" : " of " + head.object()));
    }

    /** What is written from here on belongs to that. */
    void enter(String what) {
        sent.addLast(new Sent(lines + 1, what));
        if (sent.size() > REMEMBERED) {
            sent.removeFirst();
        }
    }

    @Override
    public void load(BlockHead head, ByteBuffer content) throws IOException {
        enter(head);
        for (ByteBuffer left = content.duplicate(); left.hasRemaining(); ) {
            int length = Math.min(left.remaining(), piece.length);
            left.get(piece, 0, length);
            write(piece, length);
        }
    }

    /** Hands over what was made of the block that was entered. */
    void write(byte[] bytes) throws IOException {
        write(bytes, bytes.length);
    }

    @Override
    public void sync() throws IOException {
        write("SELECT '" + output.mark() + "';\n");
        if (!output.awaitMark()) {
            throw refused(null);
        }
    }

    @Override
    public void finish() throws IOException {
        try {
            psql.stdin().close();
        } catch (IOException e) {
            throw refused(e);
        }
        if (psql.await() != 0) {
            throw refused(null);
        }
    }

    @Override
    public void close() {
        psql.close();
    }

    private void write(String ascii) throws IOException {
        write(ascii.getBytes(StandardCharsets.US_ASCII));
    }

    private void write(byte[] bytes, int length) throws IOException {
        try {
            OutputStream stdin = psql.stdin();
            stdin.write(bytes, 0, length);
            stdin.flush();
        } catch (IOException e) {
            // psql has ended: its status and stderr say why
            throw refused(e);
        }
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '\n') {
                lines++;
            }
        }
    }

    private Failure refused(IOException cause) throws Failure {
        int status = psql.await();
        String stderr = psql.stderr();
        String message = RestrictedPsql.firstError(stderr);
        if (status > FIRST_SIGNAL) {
            message = "psql was ended by signal " + (status - FIRST_SIGNAL);
        }
        String what = place(stderr) + ": " + message;
        if (RestrictedPsql.isDiskFull(stderr)) {
            return new Failure(ExitCode.SPACE, "the server's disk is full at " + what, "make room, run again", cause);
        }
        if (status == STATUS_CONNECTION_LOST) {
            return new Failure(
                    ExitCode.CONNECT,
                    "the connection was lost at " + what,
                    "look at the server's log; run again when it is up",
                    cause);
        }
        return new Failure(
                ExitCode.LOAD_FAILED,
                "the server refused " + what,
                "bpipe-writer cat prints the script, to look at the place or to load it by hand",
                cause);
    }

    /** What holds the first line number in psql's errors, else what was sent last. */
    private String place(String stderr) {
        Matcher matcher = PLACE.matcher(stderr);
        long line = matcher.find() ? Long.parseLong(matcher.group(1)) : Long.MAX_VALUE;
        Iterator<Sent> newestFirst = sent.descendingIterator();
        while (newestFirst.hasNext()) {
            Sent piece = newestFirst.next();
            if (piece.firstLine() <= line) {
                return piece.what();
            }
        }
        return "the session's settings";
    }
}
