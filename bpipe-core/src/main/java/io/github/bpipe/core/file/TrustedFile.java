package io.github.bpipe.core.file;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;

/** Files that say what is run and read with our rights: whoever can change them could do as we can. */
public final class TrustedFile {
    private static final int STICKY = 01000;

    private TrustedFile() {}

    /**
     * Refuses a file that somebody else than root and we can write or replace.
     *
     * @param what the file is, for the message
     * @param ownUser operating-system user that we are
     */
    public static void require(Path file, String what, String ownUser) throws Failure {
        try {
            Path real = file.toRealPath();
            requireOwner(real, what, ownUser);
            if (othersMayWrite(real)) {
                throw refused(what + " " + file + " can be written by others", "chmod go-w " + file);
            }
            requireFolder(real.getParent(), file, what, ownUser);
            // a symbolic link could be made to lead elsewhere
            requireOwner(file, what, ownUser);
            requireFolder(file.toAbsolutePath().getParent(), file, what, ownUser);
        } catch (Failure e) {
            throw e;
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.USAGE, "cannot look at " + file + ": " + e.getMessage(), "look at its mode and owner", e);
        }
    }

    /**
     * Refuses a path that somebody else than root and we can make lead elsewhere, now or while we work there.
     *
     * @param path a full one, without symbolic links
     * @param what it is, for the message
     * @param ownUser operating-system user that we are
     */
    public static void requireFixed(Path path, String what, String ownUser) throws Failure {
        try {
            for (Path folder = path.getParent(); folder != null; folder = folder.getParent()) {
                requireFolder(folder, path, what, ownUser);
            }
        } catch (Failure e) {
            throw e;
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.USAGE, "cannot look at " + path + ": " + e.getMessage(), "look at its mode and owner", e);
        }
    }

    /** In a sticky folder such as /tmp only owners can replace files. */
    private static void requireFolder(Path folder, Path file, String what, String ownUser) throws IOException {
        if (((int) Files.getAttribute(folder, "unix:mode") & STICKY) != 0) {
            return;
        }
        requireOwner(folder.toRealPath(), "the folder of " + what, ownUser);
        if (othersMayWrite(folder)) {
            throw refused(
                    what + " " + file + " can be replaced by others, who can write its folder", "chmod go-w " + folder);
        }
    }

    private static void requireOwner(Path path, String what, String ownUser) throws IOException {
        String owner = Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).getName();
        if (!owner.equals("root") && !owner.equals(ownUser)) {
            throw refused(
                    what + " " + path + " belongs to " + owner + ", who can change it",
                    "chown " + ownUser + " " + path);
        }
    }

    private static boolean othersMayWrite(Path path) throws IOException {
        var permissions = Files.readAttributes(path, PosixFileAttributes.class).permissions();
        return permissions.contains(PosixFilePermission.GROUP_WRITE)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE);
    }

    private static Failure refused(String message, String hint) {
        return new Failure(ExitCode.USAGE, message, hint);
    }
}
