package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.BlockHead;
import io.github.bpipe.core.stream.Phase;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** Feeds the blocks of a stream to one client, and names the block where the server refuses a statement. */
final class MariaDbLoader implements Closeable {
    private record Fed(long linesBefore, BlockHead head) {}

    /** More blocks than the pipe and the client's buffer can hold between us and the failing statement. */
    private static final int REMEMBERED_BLOCKS = 64;

    private static final int MAX_MESSAGE_CHARACTERS = 500;
    private static final String SANDBOX_LINE = "enable the sandbox mode";

    private final MariaDbServer server;
    private final MariaDbScriptRun run;
    private final MariaDbRewrite rewrite;
    private final long maxStatementBytes;
    private final Deque<Fed> fed = new ArrayDeque<>();
    private long statementBytes;

    /**
     * @param source name that the definitions may hold
     * @param schema to load into
     */
    MariaDbLoader(MariaDbServer server, String source, String schema, MariaDbEvents events) throws IOException {
        this.server = server;
        this.maxStatementBytes = Long.parseLong(server.keeper().value("SELECT @@global.max_allowed_packet"));
        this.run = server.script(schema, ".load");
        run.write("SET SESSION foreign_key_checks = 0, SESSION unique_checks = 0;\n");
        this.rewrite = new MariaDbRewrite(source, schema, events, MariaDbRewrite.Purpose.LOAD, run::write);
    }

    void load(BlockHead head, byte[] raw) throws IOException {
        requireFits(head);
        fed.addLast(new Fed(run.lines(), head));
        if (fed.size() > REMEMBERED_BLOCKS) {
            fed.removeFirst();
        }
        try {
            if (head.phase() == Phase.DATA) {
                run.write(raw, head.raw());
            } else {
                rewrite.feed(withoutSandboxLine(head, raw), head.raw());
            }
        } catch (Failure e) {
            throw named(e);
        }
    }

    /** All blocks are there: waits until the server has taken the last one. */
    void finish() throws IOException {
        try {
            rewrite.finish();
            run.finish();
        } catch (Failure e) {
            throw named(e);
        }
    }

    @Override
    public void close() {
        run.close();
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
        return new Failure(ExitCode.LOAD_FAILED, where + bounded, failure.hint(), failure);
    }

    private static String object(BlockHead head) {
        return head.object() == null ? head.phase().name().toLowerCase(java.util.Locale.ROOT) : head.object();
    }

    /** The line that newer dump programs begin with is an error to a client that does not know it. */
    private byte[] withoutSandboxLine(BlockHead head, byte[] raw) {
        int end = 0;
        while (end < head.raw() && raw[end] != '\n') {
            end++;
        }
        if (server.hasSandbox()
                || head.n() > 0
                || !new String(raw, 0, end, StandardCharsets.UTF_8).contains(SANDBOX_LINE)) {
            return raw;
        }
        byte[] blank = raw.clone();
        Arrays.fill(blank, 0, end, (byte) ' ');
        return blank;
    }
}
