package io.github.bpipe.core.application;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.php.PhpReader;
import io.github.bpipe.core.php.PhpSyntaxException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;

/**
 * Reads a PHP file of an application. Its folder belongs to the web server's user, so a symbolic link is never followed
 * out of it: the file that it names would be read with our rights.
 */
final class PhpFile {
    private static final int MOST_BYTES = 4 << 20;

    private PhpFile() {}

    /**
     * Reads the variables of a file.
     *
     * @param root of the application, without symbolic links
     * @param folder that the file must really be in, without symbolic links
     */
    static PhpReader.Contents read(Path file, Path root, Path folder) throws Failure {
        try {
            requireInside(file, folder);
            try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                byte[] bytes = in.readNBytes(MOST_BYTES + 1);
                if (bytes.length > MOST_BYTES) {
                    throw wrong(file + " is larger than 4 MiB", "is that really the application's configuration?");
                }
                String code = new String(bytes, StandardCharsets.ISO_8859_1);
                return PhpReader.read(code, Map.of("__DIR__", folder.toString(), "OC::$SERVERROOT", root.toString()));
            }
        } catch (PhpSyntaxException e) {
            throw new Failure(
                    ExitCode.APPLICATION,
                    e.in(file),
                    "correct that line; php -l " + file + " tells what PHP thinks of it",
                    e);
        } catch (AccessDeniedException e) {
            throw new Failure(
                    ExitCode.APPLICATION,
                    file + " cannot be read by " + System.getProperty("user.name"),
                    "run it as root",
                    e);
        } catch (Failure e) {
            throw e;
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.APPLICATION, file + " cannot be read: " + e.getMessage(), "look at it with ls -l", e);
        }
    }

    private static void requireInside(Path file, Path folder) throws IOException {
        if (Files.isSymbolicLink(file)) {
            throw wrong(
                    file + " is a symbolic link to " + Files.readSymbolicLink(file) + ", and none is followed here",
                    "put the file itself there, or name the folder that it is really in with --config");
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            // the folder may be closed to us, which is another failure than a missing file
            if (Files.isReadable(folder) && Files.isExecutable(folder)) {
                throw wrong(
                        "no file " + file, "name the folder of the application, or with --config that of config.php");
            }
            throw new AccessDeniedException(file.toString());
        }
        if (!file.getParent().toRealPath().equals(folder)) {
            throw wrong(file + " is not in " + folder, "name the folder that it is really in");
        }
    }

    private static Failure wrong(String message, String hint) {
        return new Failure(ExitCode.APPLICATION, message, hint);
    }
}
