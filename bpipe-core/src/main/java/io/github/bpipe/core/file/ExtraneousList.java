package io.github.bpipe.core.file;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.file.ExtraneousFiles.Entry;
import io.github.bpipe.core.job.RunFolder;
import io.github.bpipe.core.stream.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;

/** What the last restore of a profile has found extraneous, a line of JSON for each, folders behind what is in them. */
public final class ExtraneousList {
    private final Path file;

    /** Called for each entry. */
    public interface Each {
        void take(Entry entry) throws IOException;
    }

    public ExtraneousList(Map<String, String> environment, String profile) {
        this.file = RunFolder.stateFolder(environment).resolve(profile).resolve("extraneous.jsonl");
    }

    public Path file() {
        return file;
    }

    /** Goes through the list, in its order. */
    public void forEach(Each each) throws IOException {
        if (!Files.exists(file)) {
            throw new Failure(
                    ExitCode.NO_RUN,
                    "no restore has listed extraneous files: no " + file,
                    "name the step extraneous-files in hooks.postRestore of the profile, before permissions");
        }
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                each.take(Json.parse(line.getBytes(StandardCharsets.UTF_8), Entry.class));
            }
        }
    }

    /** Removes one, if it is still the very file that was listed, and a folder only if it is empty. */
    public static boolean remove(Entry entry) throws IOException {
        Path path = Path.of(entry.path());
        try (SecureDirectoryStream<Path> folder = LinkFreeFolder.open(path.getParent())) {
            Path name = path.getFileName();
            BasicFileAttributes is = folder.getFileAttributeView(
                            name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .readAttributes();
            if (!entry.key().equals(String.valueOf(is.fileKey())) || entry.folder() != is.isDirectory()) {
                return false;
            }
            if (entry.folder()) {
                folder.deleteDirectory(name);
                return true;
            }
            if (!entry.modified().equals(is.lastModifiedTime().toInstant())) {
                return false;
            }
            folder.deleteFile(name);
            return true;
        } catch (NoSuchFileException e) {
            return true;
        } catch (DirectoryNotEmptyException e) {
            return false;
        }
    }
}
