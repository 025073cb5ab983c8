package io.github.bpipe.writer.target.sqlite;

import io.github.bpipe.core.engine.SqliteProperties;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.List;

/** Which file a restore goes to, and whom it belongs to. */
final class SqliteTargetFile {
    private SqliteTargetFile() {}

    /**
     * The file that a restore replaces; it may be missing. A symbolic link is followed, so that the database is
     * replaced where it is and the link stays.
     */
    static Path resolve(String name) throws IOException {
        Path live = find(name);
        requireWritable(live);
        return live;
    }

    /** The same file, for who only wants to look. */
    static Path find(String name) throws IOException {
        Path named = Path.of(name).toAbsolutePath().normalize();
        if (Files.isSymbolicLink(named) && !Files.exists(named)) {
            throw refused(named + " is a link that leads nowhere", "make its target, or remove the link");
        }
        Path live = Files.exists(named) ? named.toRealPath() : named;
        String last = String.valueOf(live.getFileName());
        if (last.endsWith(".bpipe-old") || last.endsWith(".bpipe")) {
            throw refused(live + " has a name that this program uses itself", "choose another one");
        }
        if (Files.exists(live) && !Files.isRegularFile(live)) {
            throw refused(live + " is not a file", "name the database file itself");
        }
        Path folder = live.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw refused(
                    "no folder " + folder + " for the database", "create it, with the application's user as owner");
        }
        return live;
    }

    /** Refuses a database in whose folder nothing can be made. */
    static void requireWritable(Path live) throws Failure {
        if (!Files.isWritable(live.getParent())) {
            throw refused(
                    live.getParent() + " cannot be written by " + System.getProperty("user.name"),
                    "run as the owner of the database or as root; look for a read-only file system");
        }
    }

    /**
     * Gives the staged file the owner, group and mode of the live one, or where there is none, those recorded when it
     * was dumped. Where that is not allowed the restore goes on with a warning.
     */
    static void giveTo(SqliteProperties recorded, Path live, Path staged, List<String> warnings) throws IOException {
        if (Files.exists(live, LinkOption.NOFOLLOW_LINKS)) {
            PosixFileAttributes attributes = Files.readAttributes(live, PosixFileAttributes.class);
            give(
                    attributes.owner().getName(),
                    attributes.group().getName(),
                    PosixFilePermissions.toString(attributes.permissions()),
                    staged,
                    warnings);
        } else if (recorded.owner() != null && recorded.group() != null && recorded.mode() != null) {
            give(recorded.owner(), recorded.group(), recorded.mode(), staged, warnings);
        }
    }

    /** True where both files have the same owner and group. */
    static boolean sameOwner(Path one, Path other) throws IOException {
        PosixFileAttributes a = Files.readAttributes(one, PosixFileAttributes.class);
        PosixFileAttributes b = Files.readAttributes(other, PosixFileAttributes.class);
        return a.owner().equals(b.owner()) && a.group().equals(b.group());
    }

    private static void give(String owner, String group, String mode, Path staged, List<String> warnings)
            throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(staged, PosixFileAttributeView.class);
        PosixFileAttributes now = view.readAttributes();
        UserPrincipalLookupService users = FileSystems.getDefault().getUserPrincipalLookupService();
        try {
            if (!now.group().getName().equals(group)) {
                view.setGroup(users.lookupPrincipalByGroupName(group));
            }
            if (!now.owner().getName().equals(owner)) {
                view.setOwner(users.lookupPrincipalByName(owner));
            }
        } catch (UserPrincipalNotFoundException e) {
            warnings.add("the database belonged to " + owner + ":" + group + ", and there is no " + e.getName());
        } catch (IOException e) {
            warnings.add("the database belongs to " + System.getProperty("user.name") + " and not to " + owner + ":"
                    + group + ": " + e.getMessage());
        }
        view.setPermissions(PosixFilePermissions.fromString(mode));
    }

    private static Failure refused(String message, String hint) {
        return new Failure(ExitCode.TARGET, message, hint);
    }
}
