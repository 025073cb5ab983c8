package io.github.bpipe.writer.diff;

import io.github.bpipe.core.engine.SqliteContents;
import io.github.bpipe.core.engine.SqliteFile;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.file.UnpackedDatabase;
import io.github.bpipe.core.stream.BlockHead;
import io.github.bpipe.core.stream.ObjectEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/** SQLite: the stream is unpacked into a private folder, and both files are asked the same. */
final class SqliteSide implements Side {
    private static final Duration BUSY_LIMIT = Duration.ofSeconds(10);

    private final Place place;
    private final UnpackedDatabase unpacked = new UnpackedDatabase("bpipe-diff-");

    SqliteSide(Place place) throws IOException {
        this.place = place;
    }

    @Override
    public boolean wants(BlockHead head) {
        return true;
    }

    @Override
    public void block(BlockHead head, byte[] raw) throws IOException {
        unpacked.append(raw, head.raw());
    }

    @Override
    public Contents ofStream(List<ObjectEntry> objects) throws IOException {
        return read(unpacked.finish());
    }

    @Override
    public Contents ofLive() throws IOException {
        Path live = Path.of(place.database());
        if (!Files.exists(live)) {
            throw new Failure(ExitCode.NO_DATABASE, live + " does not exist", "name the file with --database");
        }
        return read(live);
    }

    @Override
    public void close() throws IOException {
        unpacked.close();
    }

    private static Contents read(Path database) throws Failure {
        Contents contents = new Contents();
        try (Connection connection = SqliteFile.open(database, BUSY_LIMIT)) {
            // statistics and counters are SQLite's own affair
            SqliteContents.objects(connection).stream()
                    .filter(entry -> !entry.name().startsWith("sqlite_"))
                    .forEach(contents::object);
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(
                            "SELECT CASE WHEN sql LIKE 'CREATE VIRTUAL TABLE%' THEN 'virtual table' ELSE type END"
                                    + " || ' ' || name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")) {
                while (rows.next()) {
                    contents.definition(rows.getString(1), rows.getString(2));
                }
            }
            return contents;
        } catch (SQLException e) {
            throw SqliteFile.failure(database, e, ExitCode.UNSUITABLE);
        }
    }
}
