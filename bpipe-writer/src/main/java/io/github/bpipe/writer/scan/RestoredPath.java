package io.github.bpipe.writer.scan;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.file.FileFacts;
import io.github.bpipe.core.file.HeldFolder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * A file or folder of a user that was restored.
 *
 * @param data folder of the application
 * @param inside relative to it: {@code USER/files/...}
 */
public record RestoredPath(Path data, Path inside) {
    private static final String FILES = "files";
    private static final String KEYS = "files_encryption/keys";
    /** What every file begins with that the application has encrypted (lib/private/Encryption/Util.php). */
    private static final byte[] ENCRYPTED = "HBEGIN:".getBytes(StandardCharsets.US_ASCII);

    /** Takes the path of one file. */
    public interface Taker {
        /**
         * Takes it.
         *
         * @param cached as the application's file cache names it: {@code files/...}
         */
        void take(String cached) throws IOException;
    }

    /**
     * Understands a full path, or one relative to the data folder.
     *
     * @throws Failure where it is no user's file
     */
    public static RestoredPath of(Path data, String named) throws Failure {
        Path full = data.resolve(named).normalize();
        Path inside = full.startsWith(data) ? data.relativize(full) : null;
        if (inside == null
                || inside.getNameCount() < 2
                || !inside.getName(1).toString().equals(FILES)) {
            throw new Failure(
                    ExitCode.USAGE,
                    named + " is not below the files of a user in " + data,
                    "name it as " + data + "/USER/files/... or USER/files/...");
        }
        return new RestoredPath(data, inside);
    }

    /** Whose it is. */
    public String user() {
        return inside.getName(0).toString();
    }

    /** As {@code occ files:scan --path} takes it. */
    public String scanned() {
        return "/" + inside;
    }

    /** Where the keys of an encrypted file, or those of the files in a folder, have to be. */
    public Path keys() {
        Path below = inside.getNameCount() == 2 ? Path.of("") : inside.subpath(2, inside.getNameCount());
        return data.resolve(user()).resolve(KEYS).resolve(FILES).resolve(below);
    }

    /** Hands over all files whose contents are encrypted; no symbolic link is followed. */
    public void encrypted(Taker taker) throws IOException {
        Path full = data.resolve(inside);
        try (HeldFolder folder = HeldFolder.open(full.getParent())) {
            encrypted(folder, full.getFileName(), taker);
        }
    }

    /** What it is; empty where it is not there. */
    public Optional<FileFacts> facts() throws IOException {
        return FileFacts.find(data.resolve(inside));
    }

    private void encrypted(HeldFolder folder, Path name, Taker taker) throws IOException {
        FileFacts facts = folder.facts(name);
        if (facts.type() == FileFacts.Type.FOLDER) {
            try (HeldFolder inner = folder.enter(name)) {
                inner.forEach(each -> encrypted(inner, each, taker));
            }
        } else if (facts.type() == FileFacts.Type.FILE && isEncrypted(folder, name)) {
            taker.take(
                    data.resolve(user()).relativize(folder.path().resolve(name)).toString());
        }
    }

    private static boolean isEncrypted(HeldFolder folder, Path name) throws IOException {
        try (InputStream in = folder.read(name)) {
            return Arrays.equals(in.readNBytes(ENCRYPTED.length), ENCRYPTED);
        }
    }
}
