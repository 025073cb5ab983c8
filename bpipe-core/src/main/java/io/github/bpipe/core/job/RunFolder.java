package io.github.bpipe.core.job;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.file.StagedFile;
import io.github.bpipe.core.stream.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The folder of one profile that remembers its last runs: a file for each, written as a whole or not at all. */
public final class RunFolder {
    /** The environment variable that moves the folder of all profiles. */
    public static final String VARIABLE = "BPIPE_STATE_DIR";

    /** Where runs are recorded. */
    public static final Path DEFAULT = Path.of("/var/lib/bpipe");

    private static final int KEPT = 50;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "yyyyMMdd'T'HHmmss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final Path folder;

    /** A record and the file that holds it. */
    record Stored(Path file, RunRecord run) {}

    private RunFolder(Path folder) {
        this.folder = folder;
    }

    /** That of a profile, by its name; nothing is made yet. */
    public static RunFolder of(Map<String, String> environment, String profile) {
        return new RunFolder(stateFolder(environment).resolve(profile).resolve("runs"));
    }

    /** The folder in which each profile has one of its name. */
    public static Path stateFolder(Map<String, String> environment) {
        String moved = environment.getOrDefault(VARIABLE, "");
        return moved.isBlank() ? DEFAULT : Path.of(moved);
    }

    /** Keeps a new record, and forgets the oldest ones. */
    Stored add(RunRecord run) throws Failure {
        create();
        String kind = run.kind().name().toLowerCase(Locale.ROOT);
        String name =
                TIME.format(run.opened()) + "-" + kind + "-" + run.opener().pid() + ".json";
        Stored stored = new Stored(folder.resolve(name), run);
        write(stored);
        forget(run.kind());
        return stored;
    }

    /** Puts a record in the place of a former state of it. */
    Stored replace(Stored former, RunRecord run) throws Failure {
        Stored stored = new Stored(former.file(), run);
        write(stored);
        return stored;
    }

    /** The records of a kind, the newest first; one that cannot be read counts as none. */
    List<Stored> newestFirst(RunKind kind) throws Failure {
        List<Stored> all = new ArrayList<>();
        for (Path file : files(kind)) {
            read(file).ifPresent(run -> all.add(new Stored(file, run)));
        }
        return all;
    }

    /** The newest record of a kind, or of a job where one is named. */
    public Optional<RunRecord> newest(RunKind kind, String job) throws Failure {
        return newestFirst(kind).stream()
                .map(Stored::run)
                .filter(run -> job == null || run.isOfJob(job))
                .findFirst();
    }

    /** Of these kinds the one with the newest record, or with that of a job where one is named; else the first. */
    public RunKind latest(List<RunKind> kinds, String job) throws Failure {
        RunKind latest = kinds.get(0);
        Instant opened = Instant.MIN;
        for (RunKind kind : kinds) {
            Optional<RunRecord> newest = newest(kind, job);
            if (newest.isPresent() && newest.get().opened().isAfter(opened)) {
                latest = kind;
                opened = newest.get().opened();
            }
        }
        return latest;
    }

    /** The runs of a kind that have ended, the newest first. */
    public List<RunRecord> ended(RunKind kind) throws Failure {
        return newestFirst(kind).stream()
                .map(Stored::run)
                .filter(run -> run.begun() != null && run.ended() != null)
                .toList();
    }

    /** Where a file about the profile's runs belongs; its folder is made. */
    public Path file(String name) throws Failure {
        create();
        return folder.resolveSibling(name);
    }

    private static void write(Stored stored) throws Failure {
        try (StagedFile file = new StagedFile(stored.file())) {
            file.out().write(Json.pretty(stored.run()).getBytes(StandardCharsets.UTF_8));
            file.commit();
        } catch (Failure e) {
            throw e;
        } catch (IOException e) {
            throw failure("cannot write " + stored.file(), e);
        }
    }

    private static Optional<RunRecord> read(Path file) throws Failure {
        try {
            return Optional.of(Json.parse(Files.readAllBytes(file), RunRecord.class));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            return Optional.empty();
        } catch (java.nio.file.NoSuchFileException e) {
            // forgotten by another run just now
            return Optional.empty();
        } catch (IOException e) {
            throw failure("cannot read " + file, e);
        }
    }

    private void forget(RunKind kind) throws Failure {
        List<Path> files = files(kind);
        try {
            for (Path old : files.subList(Math.min(KEPT, files.size()), files.size())) {
                Files.deleteIfExists(old);
            }
        } catch (IOException e) {
            throw failure("cannot remove old records from " + folder, e);
        }
    }

    private List<Path> files(RunKind kind) throws Failure {
        if (!Files.exists(folder)) {
            return List.of();
        }
        String part = "-" + kind.name().toLowerCase(Locale.ROOT) + "-";
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("\\d.*" + part + "\\d+\\.json"))
                    .sorted(Comparator.reverseOrder())
                    .toList();
        } catch (IOException e) {
            throw failure("cannot read the folder " + folder, e);
        }
    }

    private void create() throws Failure {
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw failure("cannot create the folder " + folder, e);
        }
    }

    private static Failure failure(String what, IOException e) {
        return new Failure(
                ExitCode.OUTPUT,
                what + ": " + e.getMessage() + " (" + e.getClass().getSimpleName() + ")",
                "run it as the file daemon's user, or move the folder with " + VARIABLE,
                e);
    }
}
