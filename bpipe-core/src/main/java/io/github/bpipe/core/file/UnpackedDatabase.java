package io.github.bpipe.core.file;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file of a SQLite database, unpacked piece by piece into a private folder that goes with it. */
public final class UnpackedDatabase implements Closeable {
    private final OwnedFolder folder;
    private final Path path;
    private final OutputStream out;

    /**
     * An empty file below the folder for temporary files.
     *
     * @param prefix of the private folder's name
     */
    public UnpackedDatabase(String prefix) throws IOException {
        this.folder = OwnedFolder.create(Path.of(System.getProperty("java.io.tmpdir")), prefix);
        this.path = folder.resolve("database");
        this.out = Files.newOutputStream(path);
    }

    /**
     * Appends the first bytes of an array.
     *
     * @throws Failure with {@link ExitCode#SPACE} where they cannot be written
     */
    public void append(byte[] bytes, int length) throws Failure {
        try {
            out.write(bytes, 0, length);
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.SPACE,
                    "unpacking the database into " + folder.path() + " failed: " + e.getMessage(),
                    "make room there: a database of SQLite is unpacked as a whole",
                    e);
        }
    }

    /** The file, which is whole now. */
    public Path finish() throws IOException {
        out.close();
        return path;
    }

    /** Removes the file with its folder; from any thread, repeatedly. */
    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            // what could not be written is not wanted any more
        }
        folder.close();
    }
}
