package io.github.bpipe.core.snapshot;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.file.PathText;
import io.github.bpipe.core.process.Child;
import io.github.bpipe.core.process.Command;
import io.github.bpipe.core.process.ProcessSession;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Copies files by {@code cp} of the coreutils, the one program that every system has and that shares the blocks of a file
 * where the file system can, and keeps owner, mode, times, access control lists, extended attributes and holes; Java 17
 * can share no blocks, and sees neither access control lists nor holes. The paths go to it through {@code xargs -0}, since
 * a name may hold any byte.
 */
public final class NativeCopy implements Closeable {
    private static final List<String> KEEPING_ALL =
            List.of("cp", "--archive", "--preserve=xattr", "--reflink=auto", "--sparse=auto");

    private final ProcessSession session;
    private final Child child;
    private final OutputStream paths;

    private NativeCopy(List<String> xargs, List<String> cp) throws Failure {
        List<String> arguments = Stream.concat(
                        Stream.concat(Stream.of("--null", "--no-run-if-empty"), xargs.stream()), cp.stream())
                .toList();
        // messages in English, which are read
        this.session = ProcessSession.start(new Command("xargs", arguments, Map.of("LC_ALL", "C")));
        this.child = session.child();
        this.paths = new BufferedOutputStream(child.stdin());
    }

    /** Copies each file to its own full path below a folder. */
    public static NativeCopy below(Path folder) throws Failure {
        return new NativeCopy(List.of(), cp("--parents", "--target-directory=" + folder, "--"));
    }

    /** Copies each file to where the path after it says; what is there is replaced, not written into. */
    public static NativeCopy pairs() throws Failure {
        int processes = Runtime.getRuntime().availableProcessors();
        return new NativeCopy(
                List.of("--max-args=2", "--max-procs=" + processes),
                cp("--remove-destination", "--no-target-directory", "--"));
    }

    /**
     * Gives each file or folder, with all that is in it, everything but the contents of the one before it. Links are
     * made, and must not be there yet.
     */
    public static NativeCopy attributes() throws Failure {
        return new NativeCopy(List.of("--max-args=2"), cp("--attributes-only", "--no-target-directory", "--"));
    }

    /**
     * True where a copy of the file in the folder would share its blocks.
     *
     * @param file that is not empty
     * @param folder private one; nothing is left in it
     */
    public static boolean sharesBlocks(Path file, Path folder) throws IOException {
        Path probe = Files.createDirectory(folder.resolve("probe"));
        List<String> cp = List.of("cp", "--reflink=always", "--no-dereference", "--target-directory=" + probe, "--");
        try (NativeCopy copy = new NativeCopy(List.of(), cp)) {
            copy.add(file);
            copy.finish();
            return true;
        } catch (Failure e) {
            return false;
        } finally {
            Files.deleteIfExists(probe.resolve(file.getFileName()));
            Files.delete(probe);
        }
    }

    /** Adds a path; the copying may lag behind. */
    public void add(Path path) throws IOException {
        try {
            paths.write(PathText.bytes(path));
            paths.write(0);
        } catch (IOException e) {
            // it has ended: its status and stderr say why
            finish();
            throw e;
        }
    }

    /** Waits until everything is copied. */
    public void finish() throws IOException {
        try (OutputStream last = paths) {
            last.flush();
        } catch (IOException e) {
            if (child.isAlive()) {
                throw e;
            }
        }
        child.stdout().transferTo(OutputStream.nullOutputStream());
        int status = child.await();
        if (status != 0) {
            String said = child.stderr().lines().findFirst().orElse("cp ended with status " + status);
            throw new Failure(
                    said.contains("No space left") || said.contains("quota exceeded")
                            ? ExitCode.SPACE
                            : ExitCode.SNAPSHOT,
                    "copying failed: " + said.replaceFirst("^cp: ", ""),
                    said.contains("No space left") ? "make room there" : "look at that file");
        }
    }

    /** Kills it where it still runs; from any thread. */
    @Override
    public void close() {
        // a cp outlives its xargs, and would hold the pipe that we read
        session.kill();
    }

    private static List<String> cp(String... more) {
        List<String> words = new ArrayList<>(KEEPING_ALL);
        words.addAll(List.of(more));
        return words;
    }
}
