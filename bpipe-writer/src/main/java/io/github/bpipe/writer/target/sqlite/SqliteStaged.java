package io.github.bpipe.writer.target.sqlite;

import io.github.bpipe.core.engine.SqliteContents;
import io.github.bpipe.core.engine.SqliteFile;
import io.github.bpipe.core.engine.SqliteProperties;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.ObjectEntry;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The copy that is being built: blocks appended to a file of ours, then compared with what the stream promises. */
final class SqliteStaged implements Closeable {
    private final Path file;
    private final FileChannel channel;
    private long bytes;

    /** Creates the empty file, readable by nobody else. */
    SqliteStaged(Path file) throws IOException {
        this.file = file;
        this.channel = FileChannel.open(
                file,
                EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    Path file() {
        return file;
    }

    void append(ByteBuffer content) throws IOException {
        ByteBuffer buffer = content.duplicate();
        try {
            while (buffer.hasRemaining()) {
                bytes += channel.write(buffer);
            }
        } catch (IOException e) {
            throw full(file, e);
        }
    }

    /** Writing has ended: the bytes are on the disk. */
    void finish() throws IOException {
        channel.force(true);
        channel.close();
    }

    /**
     * Refuses a copy that is damaged, or lacks something, or has something too much.
     *
     * <p>That each index is that of its table was proven before the stream became whole, and the stream has proven that
     * these are the same bytes. To prove it again would take several times as long as all the rest of the restore.
     *
     * @return what could not be checked, one sentence each
     */
    List<String> check(SqliteProperties properties, List<ObjectEntry> promised) throws IOException {
        if (bytes != properties.bytes()) {
            throw wrong("it has " + bytes + " bytes, the stream promises " + properties.bytes());
        }
        try (Connection connection = SqliteFile.open(file, Duration.ZERO)) {
            List<String> unchecked = SqliteContents.checkStructure(connection);
            compare(promised, SqliteContents.objects(connection));
            return unchecked;
        } catch (SqliteContents.SqliteDamage e) {
            throw wrong(e.getMessage());
        } catch (SQLException e) {
            if (SqliteFile.diskIsFull(file, e)) {
                throw SqliteFile.failure(file, e, ExitCode.SPACE);
            }
            throw wrong(SqliteFile.message(e));
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** Makes a file, or the names in a folder, outlive a power cut. */
    static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Java tells a full disk from other errors by nothing but the text. */
    static IOException full(Path file, IOException e) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("No space left") || message.contains("quota exceeded")) {
            return new Failure(ExitCode.SPACE, "the disk of " + file + " is full", "make room there", e);
        }
        return e;
    }

    private static void compare(List<ObjectEntry> promised, List<ObjectEntry> found) throws Failure {
        Map<List<String>, ObjectEntry> left = new HashMap<>();
        found.forEach(object -> left.put(List.of(object.kind(), object.name()), object));
        for (ObjectEntry object : promised) {
            ObjectEntry staged = left.remove(List.of(object.kind(), object.name()));
            if (staged == null) {
                throw wrong(object.kind() + " " + object.name() + " is missing");
            }
            if (object.rows() != null && !object.rows().equals(staged.rows())) {
                throw wrong(object.kind() + " " + object.name() + " has " + staged.rows()
                        + " rows, the stream promises " + object.rows());
            }
        }
        Set<List<String>> surplus = left.keySet();
        if (!surplus.isEmpty()) {
            throw wrong("it holds what the stream does not list: "
                    + String.join(" ", surplus.iterator().next()));
        }
    }

    private static Failure wrong(String what) {
        return new Failure(
                ExitCode.CHECK_FAILED,
                "the staged copy is not what the stream promises: " + what,
                "the live database is untouched; use another backup");
    }
}
