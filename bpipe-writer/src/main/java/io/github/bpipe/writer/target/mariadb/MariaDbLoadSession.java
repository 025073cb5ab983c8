package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.BlockHead;
import io.github.bpipe.writer.target.LoadSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Locale;
import java.util.function.Function;

/** One client that loads blocks; names the block where the server refuses a statement. */
final class MariaDbLoadSession implements LoadSession {
    private record Fed(long linesBefore, BlockHead head) {}

    /** More blocks than the pipe and the client's buffer can hold between us and the failing statement. */
    private static final int REMEMBERED_BLOCKS = 64;

    private static final int MAX_MESSAGE_CHARACTERS = 500;
    private static final String SANDBOX_LINE = "enable the sandbox mode";

    private final MariaDbScriptRun run;
    private final boolean sandbox;
    private final long maxStatementBytes;
    private final Function<BlockHead, MariaDbCharset> rows;
    private final Deque<Fed> fed = new ArrayDeque<>();
    private long statementBytes;
    private MariaDbCharset charset = MariaDbCharset.STREAM;
    /** True in the middle of rows. */
    private boolean continuing;

    /**
     * A session of a client that has been started.
     *
     * @param maxStatementBytes that the server takes
     * @param rows in which character set the rows of a block are handed over; the same for blocks that continue
     */
    MariaDbLoadSession(
            MariaDbScriptRun run, boolean sandbox, long maxStatementBytes, Function<BlockHead, MariaDbCharset> rows) {
        this.run = run;
        this.sandbox = sandbox;
        this.maxStatementBytes = maxStatementBytes;
        this.rows = rows;
    }

    /** What is written from here on belongs to that block, and is not its rows. */
    void enter(BlockHead head) throws IOException {
        enter(head, MariaDbCharset.STREAM);
    }

    private void enter(BlockHead head, MariaDbCharset wanted) throws IOException {
        fed.addLast(new Fed(run.lines(), head));
        if (fed.size() > REMEMBERED_BLOCKS) {
            fed.removeFirst();
        }
        requireFits(head);
        if (charset != wanted) {
            if (continuing) {
                throw new IllegalStateException("a statement of " + object(head) + " would change its character set");
            }
            write(charset.change(wanted));
            charset = wanted;
        }
    }

    @Override
    public void load(BlockHead head, ByteBuffer content) throws IOException {
        enter(head, rows.apply(head));
        continuing = head.continues();
        named(() -> run.write(content));
    }

    /** Hands over a statement of ours. */
    void write(String sql) throws IOException {
        named(() -> run.write(sql));
    }

    /** Hands over what was made of the block that was entered. */
    void write(byte[] bytes, int length) throws IOException {
        named(() -> run.write(bytes, length));
    }

    @Override
    public void sync() throws IOException {
        named(run::sync);
    }

    @Override
    public void finish() throws IOException {
        named(run::finish);
    }

    @Override
    public void close() {
        run.close();
    }

    private interface Step {
        void run() throws IOException;
    }

    private void named(Step step) throws IOException {
        try {
            step.run();
        } catch (Failure e) {
            throw named(e);
        }
    }

    /** A server drops the connection in the middle of a statement that is too long for it; this says so before. */
    private void requireFits(BlockHead head) throws Failure {
        statementBytes += head.raw();
        boolean spans = head.continues() || statementBytes > head.raw();
        if (spans && statementBytes > maxStatementBytes) {
            throw new Failure(
                    ExitCode.LOAD_FAILED,
                    "a statement of " + object(head) + " is longer than max_allowed_packet of the server, "
                            + maxStatementBytes + " bytes",
                    "SET GLOBAL max_allowed_packet = 1073741824, in the server's option file too, then restore again");
        }
        if (!head.continues()) {
            statementBytes = 0;
        }
    }

    private Failure named(Failure failure) {
        long line = run.failedLine();
        BlockHead head = null;
        for (Fed each : fed) {
            if (head == null || each.linesBefore() < line) {
                head = each.head();
            }
        }
        if (line == 0) {
            head = fed.peekLast() == null ? null : fed.peekLast().head();
        }
        String message = failure.getMessage();
        String bounded =
                message.length() > MAX_MESSAGE_CHARACTERS ? message.substring(0, MAX_MESSAGE_CHARACTERS) : message;
        String where = head == null ? "" : "block " + head.n() + " (" + object(head) + "): ";
        ExitCode code = failure.exitCode() == ExitCode.SPACE ? ExitCode.SPACE : ExitCode.LOAD_FAILED;
        return new Failure(code, where + bounded, failure.hint(), failure);
    }

    private static String object(BlockHead head) {
        return head.object() == null ? head.phase().name().toLowerCase(Locale.ROOT) : head.object();
    }

    /** The line that newer dump programs begin with is an error to a client that does not know it. */
    byte[] withoutSandboxLine(BlockHead head, byte[] raw, int length) {
        int end = 0;
        while (end < length && raw[end] != '\n') {
            end++;
        }
        if (sandbox || head.n() > 0 || !new String(raw, 0, end, StandardCharsets.UTF_8).contains(SANDBOX_LINE)) {
            return raw;
        }
        byte[] blank = raw.clone();
        Arrays.fill(blank, 0, end, (byte) ' ');
        return blank;
    }
}
