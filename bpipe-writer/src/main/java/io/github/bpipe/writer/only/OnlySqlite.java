package io.github.bpipe.writer.only;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.bpipe.core.engine.SqliteContents;
import io.github.bpipe.core.engine.SqliteFile;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.file.UnpackedDatabase;
import io.github.bpipe.core.stream.BlockHead;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.core.stream.ObjectEntry;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.core.stream.StoredBlock;
import io.github.bpipe.core.stream.StreamFormat;
import io.github.bpipe.writer.target.Target;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * Tables of a SQLite file: it is unpacked into a private folder, the others are dropped there, and what is left goes to
 * the target once the stream has proven whole.
 */
final class OnlySqlite extends OnlyTables {
    private UnpackedDatabase unpacked;
    private Header header;
    private List<ObjectEntry> left = List.of();

    OnlySqlite(Target target, TablePatterns patterns) {
        super(target, patterns);
    }

    @Override
    public void prepare(Header ofStream) throws IOException {
        header = ofStream;
        unpacked = new UnpackedDatabase("bpipe-only-");
    }

    @Override
    boolean wants(BlockHead head) {
        return true;
    }

    @Override
    void take(StoredBlock block) throws IOException {
        unpacked.append(content(block), block.head().raw());
    }

    @Override
    public void check(List<ObjectEntry> objects) throws IOException {
        Path file = unpacked.finish();
        requireRows(file, expected(objects));
        target.prepare(header(Files.size(file)));
        byte[] block = new byte[StreamFormat.BLOCK_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.readNBytes(block, 0, block.length); count > 0; ) {
                load(Phase.DATA, null, 0, false, block, count);
                count = in.readNBytes(block, 0, block.length);
            }
        }
        target.check(left);
    }

    @Override
    public List<ObjectEntry> expected(List<ObjectEntry> objects) throws IOException {
        List<ObjectEntry> tables = objects.stream()
                .filter(entry -> entry.kind().equals("table") || entry.kind().equals("virtual table"))
                .toList();
        patterns.requireAllFound(
                tables.stream().map(entry -> List.of(entry.name())).toList());
        return tables.stream().filter(entry -> patterns.match(entry.name())).toList();
    }

    @Override
    public void close() {
        if (unpacked != null) {
            unpacked.close();
        }
        super.close();
    }

    /** Drops what is not wanted, and compares what is left with what the stream promises of it. */
    private void requireRows(Path file, List<ObjectEntry> promised) throws IOException {
        try (Connection connection = SqliteFile.open(file, Duration.ZERO)) {
            for (String kind : List.of("view", "virtual table", "table")) {
                for (ObjectEntry entry : SqliteContents.objects(connection)) {
                    if (entry.kind().equals(kind) && !isKept(entry)) {
                        SqliteFile.execute(
                                connection,
                                "DROP " + (kind.equals("view") ? "VIEW " : "TABLE ") + SqliteFile.quote(entry.name()));
                    }
                }
            }
            SqliteFile.execute(connection, "VACUUM");
            left = SqliteContents.objects(connection);
        } catch (SQLException e) {
            throw SqliteFile.failure(file, e, ExitCode.LOAD_FAILED);
        }
        for (ObjectEntry entry : promised) {
            boolean there = left.stream()
                    .anyMatch(each -> each.name().equals(entry.name())
                            && (entry.rows() == null || entry.rows().equals(each.rows())));
            if (!there) {
                throw new Failure(
                        ExitCode.CHECK_FAILED,
                        "the table " + entry.name() + " has not the rows that the stream promises",
                        "use another backup");
            }
        }
    }

    /** SQLite keeps its own tables, and those in which a virtual table that is wanted has its rows. */
    private boolean isKept(ObjectEntry entry) {
        String name = entry.name();
        int behind = name.lastIndexOf('_');
        return name.startsWith("sqlite_")
                || patterns.match(name)
                || (behind > 0 && entry.kind().equals("table") && patterns.match(name.substring(0, behind)));
    }

    /** The header for a file of another length. */
    private Header header(long bytes) {
        ObjectNode properties = header.properties().deepCopy();
        properties.put("bytes", bytes);
        return header.withProperties(properties);
    }
}
