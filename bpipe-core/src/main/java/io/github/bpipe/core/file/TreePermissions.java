package io.github.bpipe.core.file;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Gives folders with all that is in them to one user: folders 0750, files 0640, and 0750 where their owner could execute
 * them. Symbolic links are neither changed nor followed; a file of somebody else that has more names than this one is left
 * alone, since the other name may be anywhere.
 */
public final class TreePermissions {
    private static final Set<PosixFilePermission> CLOSED = PosixFilePermissions.fromString("rwxr-x---");
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-r-----");

    private final UserPrincipal user;
    private final GroupPrincipal group;
    private final List<Path> leftAlone = new ArrayList<>();
    private long seen;
    private long changed;

    /** For a user and a group of this system, by their names. */
    public TreePermissions(String user, String group) throws IOException {
        UserPrincipalLookupService names = FileSystems.getDefault().getUserPrincipalLookupService();
        this.user = names.lookupPrincipalByName(user);
        this.group = names.lookupPrincipalByGroupName(group);
    }

    /** Changes a folder, by its full path without symbolic links, and all that is in it. */
    public void apply(Path folder) throws IOException {
        try (SecureDirectoryStream<Path> opened = LinkFreeFolder.open(folder)) {
            apply(folder, opened);
        }
    }

    /** How many files and folders were looked at. */
    public long seen() {
        return seen;
    }

    /** How many of them had another owner or mode. */
    public long changed() {
        return changed;
    }

    /** Files of others with several names. */
    public List<Path> leftAlone() {
        return List.copyOf(leftAlone);
    }

    private void apply(Path folder, SecureDirectoryStream<Path> opened) throws IOException {
        change(opened.getFileAttributeView(PosixFileAttributeView.class), CLOSED);
        for (Path entry : opened) {
            Path name = entry.getFileName();
            try {
                applyTo(folder.resolve(name), name, opened);
            } catch (NoSuchFileException e) {
                // gone meanwhile: nothing to change
            }
        }
    }

    private void applyTo(Path path, Path name, SecureDirectoryStream<Path> in) throws IOException {
        PosixFileAttributeView view =
                in.getFileAttributeView(name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        PosixFileAttributes attributes = view.readAttributes();
        if (attributes.isDirectory()) {
            try (SecureDirectoryStream<Path> inner = in.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
                apply(path, inner);
            }
        } else if (attributes.isRegularFile()) {
            boolean others = !attributes.owner().equals(user);
            if (others && (int) Files.getAttribute(path, "unix:nlink", LinkOption.NOFOLLOW_LINKS) > 1) {
                leftAlone.add(path);
            } else {
                boolean program = attributes.permissions().contains(PosixFilePermission.OWNER_EXECUTE);
                change(view, program ? CLOSED : FILE);
            }
        }
    }

    private void change(PosixFileAttributeView view, Set<PosixFilePermission> wanted) throws IOException {
        PosixFileAttributes is = view.readAttributes();
        boolean right = true;
        if (!is.owner().equals(user)) {
            view.setOwner(user);
            right = false;
        }
        if (!is.group().equals(group)) {
            view.setGroup(group);
            right = false;
        }
        if (!is.permissions().equals(wanted)) {
            view.setPermissions(wanted);
            right = false;
        }
        seen++;
        if (!right) {
            changed++;
        }
    }
}
