package io.github.bpipe.config.generate;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.file.StagedFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Puts generated files into a folder; what stands there is replaced only when that is asked for. */
public final class OutputFolder {
    private static final int CONTEXT_LINES = 3;
    /** The daemons run as a user of their own, which reads its configuration through the folder's group. */
    private static final Set<PosixFilePermission> NEW_FILE = PosixFilePermissions.fromString("rw-r-----");

    private final Path folder;
    private final boolean force;

    /** What happened to a file. */
    public enum Result {
        WRITTEN,
        UNCHANGED,
        REPLACED,
        KEPT
    }

    /**
     * What happened to a file.
     *
     * @param diff from what stands there to what was generated, as unified diff, passwords hidden; empty when nothing
     *     stood there or it is the same
     */
    public record Outcome(Path file, Result result, String diff) {}

    public OutputFolder(Path folder, boolean force) {
        this.folder = folder;
        this.force = force;
    }

    /** Writes one file atomically, or keeps what stands there. */
    public Outcome put(GeneratedFile generated) throws IOException {
        return put(generated.path(), generated.text());
    }

    /** As {@link #put(GeneratedFile)}, for any text. */
    public Outcome put(String path, String text) throws IOException {
        Path file = folder.resolve(path);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectories(file.getParent());
            write(file, text, NEW_FILE, attributes(file.getParent()).group());
            return new Outcome(file, Result.WRITTEN, "");
        }
        String present = read(file);
        if (present.equals(text)) {
            return new Outcome(file, Result.UNCHANGED, "");
        }
        String diff = diff(file, present, text);
        if (!force) {
            return new Outcome(file, Result.KEPT, diff);
        }
        PosixFileAttributes former = attributes(file);
        write(file, text, former.permissions(), former.group());
        return new Outcome(file, Result.REPLACED, diff);
    }

    private static void write(Path file, String text, Set<PosixFilePermission> mode, GroupPrincipal group)
            throws IOException {
        try (StagedFile staged = new StagedFile(file)) {
            staged.out().write(text.getBytes(StandardCharsets.UTF_8));
            staged.commit();
        }
        if (!attributes(file).group().equals(group)) {
            Files.getFileAttributeView(file, PosixFileAttributeView.class).setGroup(group);
        }
        Files.setPosixFilePermissions(file, mode);
    }

    private static String read(Path file) throws Failure {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.OUTPUT,
                    "cannot compare with " + file + ": " + e.getClass().getSimpleName(),
                    "move it away, or choose another --output",
                    e);
        }
    }

    private static PosixFileAttributes attributes(Path file) throws IOException {
        return Files.readAttributes(file, PosixFileAttributes.class);
    }

    private static String diff(Path file, String present, String generated) {
        List<String> before = present.lines().toList();
        List<String> lines = UnifiedDiffUtils.generateUnifiedDiff(
                file.toString(),
                file + " (generated)",
                before,
                DiffUtils.diff(before, generated.lines().toList()),
                CONTEXT_LINES);
        return lines.stream()
                .map(line -> line.replaceAll("(?i)(\\bpassword\\s*=\\s*).*", "$1***"))
                .collect(Collectors.joining("\n"));
    }
}
