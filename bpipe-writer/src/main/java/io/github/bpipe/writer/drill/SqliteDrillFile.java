package io.github.bpipe.writer.drill;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.file.OwnedFolder;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.writer.target.TargetOptions;
import java.io.IOException;

/** A file in a private folder: SQLite needs no server. */
final class SqliteDrillFile implements DrillPlace {
    private final DrillSettings settings;
    private OwnedFolder folder;
    private boolean closed;

    SqliteDrillFile(DrillSettings settings) {
        this.settings = settings;
    }

    @Override
    public synchronized void open(Header header) throws IOException {
        if (closed) {
            throw new Failure(ExitCode.INTERRUPTED, "the drill was ended", "run it again");
        }
        DrillSpace.require(header, settings.folder(), 0);
        folder = OwnedFolder.create(settings.folder(), DrillServer.PREFIX);
    }

    @Override
    public TargetOptions options() {
        return new TargetOptions(Connection.DEFAULT, folder.resolve("drill.db").toString(), false, false, true, true);
    }

    @Override
    public boolean isOwn() {
        return true;
    }

    @Override
    public String describe() {
        return "a throwaway SQLite file";
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (folder != null) {
            folder.close();
        }
    }
}
