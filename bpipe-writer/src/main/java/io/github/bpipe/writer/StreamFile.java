package io.github.bpipe.writer;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.file.StagedFile;
import io.github.bpipe.core.job.RunSummary;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.core.stream.WholeStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.apache.commons.io.input.TeeInputStream;

/** A restore that touches no database: the stream as a file, complete and verified, or not at all. */
final class StreamFile {
    private final Path folder;
    private final boolean replaceExisting;

    /**
     * Prepares to write below a folder.
     *
     * @param folder created where it is missing
     * @param replaceExisting false to refuse where the file exists
     */
    StreamFile(Path folder, boolean replaceExisting) {
        this.folder = folder;
        this.replaceExisting = replaceExisting;
    }

    /** Writes the stream, and says into which file. */
    RunSummary write(InputStream in) throws IOException {
        createFolder();
        try (StagedFile staged = new StagedFile(folder.resolve("stream.zst"))) {
            WholeStream stream = WholeStream.read(new TeeInputStream(in, staged.out()), (raw, length) -> {});
            Path file = folder.resolve(name(stream.header()));
            if (!replaceExisting && Files.exists(file)) {
                throw new Failure(
                        ExitCode.TARGET,
                        file + " exists and must not be replaced",
                        "restore with Replace = always, or to another place");
            }
            staged.commitAs(file);
            return RunSummary.ofStream(
                            stream.trailer(), stream.bytes(), stream.header().created(), List.of())
                    .in(file.toString());
        }
    }

    /** {@code nextcloud.sql.zst}, {@code app.db.zst}; what cannot stand in a file name becomes an underscore. */
    static String name(Header header) {
        if (header.engine().equals(Engine.SQLITE.id())) {
            String name = header.database().substring(header.database().lastIndexOf('/') + 1);
            return (name.endsWith(".db") ? name : name + ".db") + ".zst";
        }
        return header.database().replaceAll("[/\\p{Cntrl}]", "_") + ".sql.zst";
    }

    private void createFolder() throws Failure {
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.OUTPUT, "cannot create the folder " + folder + ": " + e, "restore to another place", e);
        }
    }
}
