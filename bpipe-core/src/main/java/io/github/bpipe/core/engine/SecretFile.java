package io.github.bpipe.core.engine;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.process.Captured;
import io.github.bpipe.core.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;

/** Option files, password files and whatever else holds a secret. */
public final class SecretFile {
    private SecretFile() {}

    /**
     * Refuses a file that is missing, that whoever needs it cannot read, or that everybody can.
     *
     * @param runAs the operating-system user that the clients run as, or null for our own
     */
    public static void require(Path file, String runAs) throws Failure {
        if (!Files.isRegularFile(file)) {
            throw new Failure(
                    ExitCode.SECRET, "no option file " + file, "create it with mode 0600, or name another one");
        }
        if (!readable(file, runAs)) {
            throw new Failure(
                    ExitCode.SECRET,
                    "option file " + file + " cannot be read by "
                            + (runAs == null ? System.getProperty("user.name") : runAs),
                    "run as its owner, or give that user the right to read it");
        }
        if (othersCanRead(file)) {
            throw new Failure(
                    ExitCode.SECRET,
                    "option file " + file + " can be read by everybody",
                    "chmod o= " + file + ", then change the password in it: others may have seen it");
        }
    }

    private static boolean readable(Path file, String runAs) throws Failure {
        if (runAs == null) {
            return Files.isReadable(file);
        }
        try {
            Command test = Command.of("test", "-r", file.toString());
            return Captured.run(RunAs.wrap(test, runAs)).status() == 0;
        } catch (Failure e) {
            throw e;
        } catch (IOException e) {
            throw new Failure(ExitCode.SECRET, "cannot look at " + file + ": " + e.getMessage(), "look at its mode", e);
        }
    }

    private static boolean othersCanRead(Path file) throws Failure {
        try {
            return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.SECRET,
                    "the mode of " + file + " cannot be read: " + e.getMessage(),
                    "look at it with ls -l",
                    e);
        }
    }
}
