package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.engine.DatabaseSize;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.writer.target.Space;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Whether the server's data folder has room for the database of a stream. */
final class MariaDbSpace {
    private static final Path HOSTNAME = Path.of("/proc/sys/kernel/hostname");
    private static final int BYTES_OF_A_UNIT = 1024;

    private final SqlSession session;

    MariaDbSpace(SqlSession session) {
        this.session = session;
    }

    /** Refuses where it provably does not fit; what cannot be known is no reason to. */
    void require(Header header, String live, boolean inPlace) throws IOException {
        OptionalLong bytes = DatabaseSize.of(header);
        Optional<Space> space = bytes.isPresent() ? free() : Optional.empty();
        if (space.isPresent()) {
            space.get().require(bytes.getAsLong(), inPlace ? liveBytes(live) : 0, inPlace);
        }
    }

    private Optional<Space> free() throws IOException {
        Path folder = Path.of(session.value("SELECT @@datadir"));
        return isHere() ? Space.of(folder) : said(folder);
    }

    /** A folder of the same name on another machine, or in another container, would tell nothing. */
    private boolean isHere() throws IOException {
        String server = session.value("SELECT @@hostname");
        return Files.isReadable(HOSTNAME) && Files.readString(HOSTNAME).strip().equals(server);
    }

    /** What a server elsewhere says, where MariaDB's plugin DISKS is loaded and may be asked (FILE). */
    private Optional<Space> said(Path folder) throws IOException {
        boolean plugin = !session.query("SELECT 1 FROM information_schema.PLUGINS WHERE PLUGIN_NAME = 'DISKS'"
                        + " AND PLUGIN_STATUS = 'ACTIVE'")
                .isEmpty();
        Path deepest = null;
        long free = 0;
        if (plugin) {
            for (List<String> disk : session.query("SELECT Path, Available FROM information_schema.DISKS")) {
                Path mounted = Path.of(disk.get(0));
                if (folder.startsWith(mounted)
                        && (deepest == null || mounted.getNameCount() > deepest.getNameCount())) {
                    deepest = mounted;
                    free = Long.parseLong(disk.get(1)) * BYTES_OF_A_UNIT;
                }
            }
        }
        return deepest == null ? Optional.empty() : Optional.of(new Space(folder + " of the server", free));
    }

    private long liveBytes(String live) throws IOException {
        return Long.parseLong(session.value("SELECT IFNULL(SUM(DATA_LENGTH + INDEX_LENGTH), 0)"
                + " FROM information_schema.TABLES WHERE " + MariaDbCatalog.is("TABLE_SCHEMA", live)));
    }
}
