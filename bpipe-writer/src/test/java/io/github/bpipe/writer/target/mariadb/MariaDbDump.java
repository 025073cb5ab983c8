package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.engine.MariaDbProperties;
import io.github.bpipe.core.sql.MySqlStatement.Verb;
import io.github.bpipe.core.sql.MySqlUnits;
import io.github.bpipe.core.stream.BlockHead;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.core.stream.Json;
import io.github.bpipe.core.stream.ObjectEntry;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.core.stream.StoredBlock;
import io.github.bpipe.core.stream.StreamFormat;
import io.github.bpipe.testkit.Programs;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import io.github.bpipe.writer.target.SwitchReport;
import io.github.bpipe.writer.target.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/** What mariadb-dump prints of a database, cut into blocks, with the objects that it holds. */
final class MariaDbDump {
    /** Something to do between two calls of a target. */
    interface Between {
        void run() throws IOException;
    }

    record Block(BlockHead head, byte[] raw) {}

    private final Header header;
    private final List<Block> blocks = new ArrayList<>();
    private final List<ObjectEntry> objects = new ArrayList<>();

    private MariaDbDump(Header header) {
        this.header = header;
    }

    /** Dumps a database with the options that the reader uses. */
    static MariaDbDump of(ThrowawayMariaDb server, String database) throws IOException {
        MariaDbDump dump = new MariaDbDump(header(server, database));
        String script = print(server, database, "--dump-history");
        int views = finalViews(script);
        dump.cut(script.substring(0, views).getBytes(StandardCharsets.UTF_8));
        dump.cut(MariaDbViewScript.ordered(script.substring(views).getBytes(StandardCharsets.UTF_8)));
        dump.list(server, database);
        return dump;
    }

    static Header header(ThrowawayMariaDb server, String database) {
        String[] charset = server.sql(
                        "",
                        "SELECT DEFAULT_CHARACTER_SET_NAME, DEFAULT_COLLATION_NAME, SCHEMA_COMMENT FROM information_schema.SCHEMATA"
                                + " WHERE SCHEMA_NAME = '" + database.replace("'", "''") + "'")
                .stripTrailing()
                .split("\t");
        return new Header(
                UUID.randomUUID(),
                StreamFormat.KIND_FULL,
                List.of(),
                "bpipe-reader test",
                "mariadb",
                database,
                null,
                Instant.now(),
                "10.11",
                "10.11",
                Json.toTree(new MariaDbProperties(charset[0], charset[1], charset.length > 2 ? charset[2] : "", "", 0)),
                List.of(),
                new Header.Job("client", "17", "F"),
                null);
    }

    /** What a process of its own needs to restore the same. */
    private record Stored(Header header, List<BlockHead> heads, List<byte[]> raws, List<ObjectEntry> objects) {}

    void save(Path file) throws IOException {
        List<BlockHead> heads = blocks.stream().map(Block::head).toList();
        Files.write(
                file,
                Json.bytes(new Stored(
                        header, heads, blocks.stream().map(Block::raw).toList(), objects)));
    }

    static MariaDbDump load(Path file) throws IOException {
        Stored stored = Json.parse(Files.readAllBytes(file), Stored.class);
        MariaDbDump dump = new MariaDbDump(stored.header());
        for (int i = 0; i < stored.heads().size(); i++) {
            dump.blocks.add(new Block(stored.heads().get(i), stored.raws().get(i)));
        }
        dump.objects.addAll(stored.objects());
        return dump;
    }

    /** Does what the writer does with a target, up to its close. */
    SwitchReport restore(Target target, Between beforeCheck) throws IOException {
        try (target) {
            target.prepare(header);
            for (Block block : blocks) {
                target.load(StoredBlock.of(block.head(), block.raw()));
            }
            beforeCheck.run();
            target.check(objects);
            return target.switchOver();
        }
    }

    /** The same with accounts in its header. */
    MariaDbDump with(List<Header.Account> accounts) {
        return with(header.withAccounts(accounts));
    }

    /** The same with other properties in its header. */
    MariaDbDump with(MariaDbProperties properties) {
        return with(header.withProperties(Json.toTree(properties)));
    }

    private MariaDbDump with(Header other) {
        MariaDbDump dump = new MariaDbDump(other);
        dump.blocks.addAll(blocks);
        dump.objects.addAll(objects);
        return dump;
    }

    Header header() {
        return header;
    }

    List<Block> blocks() {
        return blocks;
    }

    List<ObjectEntry> objects() {
        return objects;
    }

    /** One more block at the end. */
    void add(Phase phase, String object, String sql) {
        byte[] raw = sql.getBytes(StandardCharsets.UTF_8);
        blocks.add(new Block(new BlockHead(blocks.size(), phase, object, raw.length, 1, 0, false), raw));
    }

    /** Where the definitions of the views begin: the reader too brings them into an order in which they load. */
    private static int finalViews(String script) {
        int first = script.indexOf("\n/*!50001 SET @saved_cs_client          =");
        return first < 0 ? script.length() : script.lastIndexOf('\n', first - 1) + 1;
    }

    private static String print(ThrowawayMariaDb server, String database, String... options) {
        List<String> command = new ArrayList<>(List.of(
                Programs.find("mariadb-dump", "mariadb-client"),
                "--no-defaults",
                "--socket=" + server.socket(),
                "--user=root",
                "--single-transaction",
                "--quick",
                "--routines",
                "--events",
                "--triggers",
                "--hex-blob",
                "--default-character-set=utf8mb4",
                "--max-allowed-packet=1G",
                "--no-tablespaces",
                "--skip-lock-tables",
                "--skip-add-locks",
                "--skip-disable-keys",
                "--skip-dump-date"));
        command.addAll(List.of(options));
        command.addAll(List.of("--", database));
        return Programs.run(command, Map.of(), new byte[0]).orFail();
    }

    private void cut(byte[] script) throws IOException {
        StringBuilder pending = new StringBuilder();
        MySqlUnits.read(script, (statement, text) -> {
            if (statement.verb() == Verb.INSERT) {
                flush(pending);
                add(Phase.DATA, statement.name(), new String(text, StandardCharsets.UTF_8));
            } else {
                pending.append(new String(text, StandardCharsets.UTF_8));
            }
        });
        flush(pending);
    }

    private void flush(StringBuilder pending) {
        if (pending.length() > 0) {
            add(Phase.SCHEMA, null, pending.toString());
            pending.setLength(0);
        }
    }

    private void list(ThrowawayMariaDb server, String database) {
        String is = " = '" + database.replace("'", "''") + "'";
        for (String row : rows(
                server,
                "SELECT TABLE_TYPE, TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA" + is
                        + " UNION ALL SELECT 'TRIGGER', TRIGGER_NAME FROM information_schema.TRIGGERS WHERE"
                        + " TRIGGER_SCHEMA" + is
                        + " UNION ALL SELECT ROUTINE_TYPE, ROUTINE_NAME FROM information_schema.ROUTINES WHERE"
                        + " ROUTINE_SCHEMA" + is
                        + " UNION ALL SELECT 'EVENT', EVENT_NAME FROM information_schema.EVENTS WHERE EVENT_SCHEMA"
                        + is)) {
            String[] fields = row.replace("\\n", "\n").replace("\\\\", "\\").split("\t");
            boolean table = fields[0].equals("BASE TABLE") || fields[0].equals("SYSTEM VERSIONED");
            Long rows = table ? count(server, database, fields) : null;
            objects.add(new ObjectEntry(fields[1], table ? "table" : fields[0].toLowerCase(Locale.ROOT), rows, null));
        }
    }

    private static long count(ThrowawayMariaDb server, String database, String[] fields) {
        String history = fields[0].equals("SYSTEM VERSIONED") ? " FOR SYSTEM_TIME ALL" : "";
        return Long.parseLong(
                server.sql(database, "SELECT COUNT(*) FROM `" + fields[1].replace("`", "``") + "`" + history)
                        .strip());
    }

    private static List<String> rows(ThrowawayMariaDb server, String sql) {
        return server.sql("", sql).lines().toList();
    }
}
