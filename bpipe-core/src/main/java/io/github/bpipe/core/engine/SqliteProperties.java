package io.github.bpipe.core.engine;

/**
 * A SQLite database as a whole: the {@code properties} of the header.
 *
 * @param bytes of the file that the stream holds
 * @param journalMode {@code wal}, or {@code delete} for every other; the file in the stream is never in WAL mode, so
 *     that it is whole without a second file
 * @param pageSize bytes, 512 to 65536
 * @param encoding as {@code PRAGMA encoding} says it: {@code UTF-8}, {@code UTF-16le} or {@code UTF-16be}
 * @param userVersion the application's own number
 * @param applicationId the file format's own number
 * @param autoVacuum 0 none, 1 full, 2 incremental
 * @param owner operating-system user that owned the file, for a restore where no file is left, or null
 * @param group operating-system group of the file, or null
 * @param mode permissions of the file as {@code rw-r-----}, or null
 */
public record SqliteProperties(
        long bytes,
        String journalMode,
        int pageSize,
        String encoding,
        int userVersion,
        int applicationId,
        int autoVacuum,
        String owner,
        String group,
        String mode) {

    /** True where the database was in WAL mode. */
    public boolean wal() {
        return "wal".equals(journalMode);
    }
}
