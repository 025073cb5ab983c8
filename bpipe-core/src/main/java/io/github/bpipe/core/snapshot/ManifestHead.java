package io.github.bpipe.core.snapshot;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.error.Failure;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * The first line of a manifest.
 *
 * @param snapshot version of the form of the manifest
 * @param tool that made it
 * @param profile its name
 * @param database name, or file for SQLite
 * @param dump id of the stream that belongs to the files
 * @param created when it was begun
 * @param include what was saved
 * @param exclude what was left out of it
 */
public record ManifestHead(
        int snapshot,
        String tool,
        String profile,
        Engine engine,
        String database,
        UUID dump,
        Instant created,
        List<String> include,
        List<String> exclude) {
    /** The version that this program makes and reads. */
    public static final int VERSION = 1;

    public ManifestHead {
        include = include == null ? List.of() : List.copyOf(include);
        exclude = exclude == null ? List.of() : List.copyOf(exclude);
    }

    /** Which of the files that stand live the snapshot is about. */
    public SavedPaths paths() throws Failure {
        return new SavedPaths(include, exclude, engine, database);
    }
}
