package io.github.bpipe.reader.source.mariadb;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.sql.MySqlScript;
import io.github.bpipe.core.sql.MySqlStatement;
import io.github.bpipe.core.sql.MySqlStatement.Verb;
import io.github.bpipe.core.sql.MySqlTokenizer;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.reader.encode.BlockBuilder;
import io.github.bpipe.reader.encode.ObjectLedger;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * Turns what {@code mariadb-dump} or {@code mysqldump} prints into blocks.
 *
 * <p>An object's statements stand in a row: settings and DROPs before its definition, the settings given back behind it.
 * Such a group is one unit of a block; in data, each INSERT is one. What comes after all data is held back: routines, the
 * final views, and what fires by itself (triggers, events) behind everything else.
 */
final class MariaDbSplitter implements MySqlScript.Listener, Closeable {
    private static final String END_MARK = "-- Dump completed";

    /** Where the bytes of a unit go. */
    private enum Route {
        SETUP,
        PENDING,
        BLOCKS,
        DATA,
        ROUTINE,
        HELD,
        VIEW,
        FOOTER,
        DROPPED
    }

    private final BlockBuilder blocks;
    private final ObjectLedger ledger;
    private final String database;
    private final byte[] heading;
    private final MySqlScript script = new MySqlScript(this);
    private final MariaDbDumpRules rules = new MariaDbDumpRules();
    private final HeldBack routines = new HeldBack();
    private final HeldBack held = new HeldBack();
    private final MariaDbViews views = new MariaDbViews();
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private final ByteArrayOutputStream footer = new ByteArrayOutputStream();
    private final ByteArrayOutputStream rewritten = new ByteArrayOutputStream();
    private final Set<String> placeholders = new HashSet<>();

    private boolean headingDone;
    private boolean setupDone;
    private boolean footerBegun;
    /** The definition or INSERT that the unit in hand belongs to; null between groups. */
    private MySqlStatement owner;

    private Route ownerRoute;
    private long ownerBytes;

    private MySqlStatement statement;
    private Route route;
    private boolean rewriting;

    /**
     * A splitter of one dump.
     *
     * @param heading comments that the script begins with
     */
    MariaDbSplitter(BlockBuilder blocks, ObjectLedger ledger, String database, String heading) {
        this.blocks = blocks;
        this.ledger = ledger;
        this.database = database;
        this.heading = bytes(heading);
    }

    /** Takes the next bytes of the dump. */
    void feed(byte[] bytes, int from, int count) throws IOException {
        script.feed(bytes, from, count);
    }

    /** The dump has ended with success: refuses it when its own end mark is missing, else emits what was held back. */
    void finish() throws IOException {
        boolean whole = script.finish();
        String[] lines = footer.toString(StandardCharsets.UTF_8).strip().split("\n", -1);
        if (!whole || !lines[lines.length - 1].startsWith(END_MARK)) {
            throw new Failure(
                    ExitCode.DUMP_FAILED,
                    "the dump of " + database + " ended without its end mark",
                    "run it again; when it happens twice, run the dump program by hand and look at the end of its output");
        }
        closeGroup();
        blocks.section(Phase.FINISH, null);
        routines.release(blocks);
        appendToBlocks(pending.toByteArray());
        views.release(blocks);
        held.release(blocks);
        appendToBlocks(footer.toByteArray());
        blocks.flush();
    }

    @Override
    public void close() throws IOException {
        try (routines) {
            held.close();
        }
    }

    @Override
    public void begin(MySqlStatement next) throws IOException {
        statement = next;
        route = routeOf(next);
        rewriting = next.verb() == Verb.ALTER_DATABASE
                || (next.verb() == Verb.CREATE && (next.concerns("table") || next.concerns("view")));
        rewritten.reset();
    }

    @Override
    public void part(byte[] bytes, int from, int count) throws IOException {
        if (rewriting) {
            rewritten.write(bytes, from, count);
        } else {
            put(bytes, from, count);
        }
    }

    @Override
    public void end(long groups) throws IOException {
        if (rewriting) {
            byte[] plain = withoutDatabase(rewritten.toByteArray());
            put(plain, 0, plain.length);
        }
        switch (route) {
            case SETUP -> blocks.endUnit(0);
            case DATA -> {
                long rows = statement.rows(groups);
                blocks.endUnit(rows);
                ledger.count(statement.name(), "table", rows, ownerBytes);
                ownerBytes = 0;
            }
            case PENDING, BLOCKS, ROUTINE, HELD, VIEW, FOOTER, DROPPED -> {}
        }
    }

    private Route routeOf(MySqlStatement next) throws IOException {
        if (footerBegun) {
            return Route.FOOTER;
        }
        if (!setupDone) {
            if (MariaDbDumpRules.isSetup(next)) {
                return Route.SETUP;
            }
            endSetup();
        }
        if (MariaDbDumpRules.isFooter(next)) {
            closeGroup();
            footerBegun = true;
            return Route.FOOTER;
        }
        if (next.verb() == Verb.INSERT) {
            return insert(next);
        }
        boolean trailing = owner != null && rules.isTrailing(owner, next);
        if (!trailing) {
            closeGroup();
        }
        rules.follow(next);
        if (trailing) {
            // the settings behind rows are given back in each block of them
            return ownerRoute == Route.DATA ? Route.DROPPED : ownerRoute;
        }
        return switch (next.verb()) {
            case SET, DROP, NONE, ALTER_DATABASE -> Route.PENDING;
            default -> open(next);
        };
    }

    /** A definition begins its group with what stands before it. */
    private Route open(MySqlStatement next) throws IOException {
        owner = next;
        ownerBytes = 0;
        ownerRoute = routeOfGroup(next);
        route = ownerRoute;
        byte[] before = pending.toByteArray();
        pending.reset();
        put(before, 0, before.length);
        return ownerRoute;
    }

    private Route routeOfGroup(MySqlStatement next) throws IOException {
        String kind = next.objectKind() == null ? "" : next.objectKind();
        boolean finalView = kind.equals("view") && !placeholders.add(next.name());
        if (finalView) {
            return Route.VIEW;
        }
        return switch (kind) {
            case "trigger", "event" -> Route.HELD;
            case "procedure", "function", "package", "package body" -> Route.ROUTINE;
            default -> {
                blocks.section(Phase.SCHEMA, next.name());
                yield Route.BLOCKS;
            }
        };
    }

    private Route insert(MySqlStatement next) throws IOException {
        if (ownerRoute != Route.DATA || !next.name().equals(owner.name())) {
            closeGroup();
            byte[] before = pending.toByteArray();
            pending.reset();
            blocks.section(Phase.DATA, next.name(), before, MariaDbDumpRules.behindRows(before));
            owner = next;
            ownerRoute = Route.DATA;
            ownerBytes = 0;
        }
        return Route.DATA;
    }

    private void closeGroup() throws IOException {
        if (owner == null) {
            return;
        }
        switch (ownerRoute) {
            case BLOCKS -> blocks.endUnit(0);
            case ROUTINE -> routines.endUnit();
            case HELD -> held.endUnit();
            case DATA -> blocks.endRows();
            default -> {}
        }
        if (ownerRoute != Route.DATA && owner.objectKind() != null) {
            list();
        }
        owner = null;
        ownerRoute = null;
        rules.nextGroup();
    }

    private void list() {
        if (owner.concerns("table")) {
            ledger.count(owner.name(), "table", 0, ownerBytes);
        } else {
            ledger.list(owner.name(), owner.objectKind());
        }
    }

    private void put(byte[] bytes, int from, int count) throws IOException {
        switch (route) {
            case SETUP -> {
                if (!headingDone && statement.verb() != Verb.NONE) {
                    writeHeading();
                }
                blocks.append(bytes, from, count);
            }
            case BLOCKS, DATA -> {
                ownerBytes += count;
                blocks.append(bytes, from, count);
            }
            case PENDING -> pending.write(bytes, from, count);
            case ROUTINE -> routines.append(bytes, from, count);
            case HELD -> held.append(bytes, from, count);
            case VIEW -> views.definition(owner.name()).write(bytes, from, count);
            case FOOTER -> footer.write(bytes, from, count);
            case DROPPED -> {}
        }
    }

    private void endSetup() throws IOException {
        if (!headingDone) {
            writeHeading();
        }
        setupDone = true;
    }

    private void writeHeading() throws IOException {
        headingDone = true;
        appendToBlocks(heading);
    }

    private void appendToBlocks(byte[] bytes) throws IOException {
        if (bytes.length > 0) {
            blocks.append(bytes, 0, bytes.length);
            blocks.endUnit(0);
        }
    }

    private byte[] withoutDatabase(byte[] text) {
        var tokens = MySqlTokenizer.tokens(text, script.sqlMode());
        return statement.verb() == Verb.ALTER_DATABASE
                ? MariaDbNames.currentDatabase(text, tokens, database)
                : MariaDbNames.unqualifySequences(text, tokens, database);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
