package io.github.bpipe.core.file;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;

/**
 * Opens folders that belong to others without ever following a symbolic link, from the root on (openat(2), O_NOFOLLOW): a
 * folder that its owner exchanges for a link meanwhile is an error, and no way out.
 */
public final class LinkFreeFolder {
    private LinkFreeFolder() {}

    /**
     * Opens a folder.
     *
     * @throws Failure where a part of the path is a symbolic link or no folder
     */
    public static SecureDirectoryStream<Path> open(Path folder) throws IOException {
        SecureDirectoryStream<Path> at = openRoot(folder.getRoot());
        try {
            for (Path part : folder) {
                SecureDirectoryStream<Path> next = at.newDirectoryStream(part, LinkOption.NOFOLLOW_LINKS);
                at.close();
                at = next;
            }
            return at;
        } catch (NoSuchFileException e) {
            at.close();
            throw e;
        } catch (IOException e) {
            at.close();
            throw new Failure(
                    ExitCode.TARGET,
                    folder + " is no folder, or leads through a symbolic link, and none is followed here: "
                            + e.getMessage(),
                    "look at it with ls -ld, and correct the profile",
                    e);
        }
    }

    @SuppressWarnings("StreamResourceLeak") // whoever walks on from here closes it
    private static SecureDirectoryStream<Path> openRoot(Path root) throws IOException {
        DirectoryStream<Path> stream = Files.newDirectoryStream(root);
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return secure;
        }
        throw new IllegalStateException("this Java has no openat(2)");
    }
}
