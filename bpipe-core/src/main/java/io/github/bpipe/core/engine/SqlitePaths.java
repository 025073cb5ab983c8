package io.github.bpipe.core.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/**
 * The files that stand beside a SQLite database: SQLite's own, and those of a restore.
 *
 * @param live the database file, links resolved
 */
public record SqlitePaths(Path live) {

    /** SQLite's own companions; a foreign one beside a database would be replayed into it. */
    public List<Path> companions() {
        return companionsOf(live);
    }

    /** The companions of another database file. */
    public static List<Path> companionsOf(Path database) {
        return List.of(beside(database, "-wal"), beside(database, "-journal"), beside(database, "-shm"));
    }

    /** The folder that a restore works in; there only while one runs, or after one was killed. */
    public Path work() {
        return live.resolveSibling("." + live.getFileName() + ".bpipe");
    }

    /**
     * There while an in-place restore has removed the database and has not finished; holds the {@link #key} of the file
     * that ends it, just before that becomes the live one.
     */
    public Path inPlaceMark() {
        return work().resolve("in-place");
    }

    /**
     * True where an in-place restore removed the database and did not finish, even where the application has made a new
     * one meanwhile.
     */
    public boolean halfRestored() throws IOException {
        try {
            return !Files.readString(inPlaceMark()).equals(key(live));
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** The database that was live before the last restore. */
    public Path former() {
        return beside(live, ".bpipe-old");
    }

    /** The tables that were live before a restore of some tables; an ordinary database file. */
    public Path formerTables() {
        return beside(live, ".bpipe-old-tables");
    }

    /** What is known about {@link #former}; without it, that file is not ours. */
    public Path formerRecord() {
        return beside(live, ".bpipe-old.json");
    }

    /** Device and inode of a file, by which it is known under any name; null where there is none. */
    public static String key(Path file) throws IOException {
        try {
            return String.valueOf(
                    Files.readAttributes(file, BasicFileAttributes.class).fileKey());
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** True where two paths mean one file, also by way of links; or would, where there is none yet. */
    public static boolean same(String first, String second) throws IOException {
        Path one = Path.of(first).toAbsolutePath().normalize();
        Path other = Path.of(second).toAbsolutePath().normalize();
        String key = key(one);
        return one.equals(other) || (key != null && key.equals(key(other)));
    }

    private static Path beside(Path file, String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }
}
