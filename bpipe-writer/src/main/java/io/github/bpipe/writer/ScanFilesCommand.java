package io.github.bpipe.writer;

import io.github.bpipe.core.application.Occ;
import io.github.bpipe.core.cli.Interruption;
import io.github.bpipe.core.cli.Messages;
import io.github.bpipe.core.cli.Printable;
import io.github.bpipe.core.cli.Surroundings;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.file.FileFacts;
import io.github.bpipe.core.process.ProgramRunner;
import io.github.bpipe.core.profile.Profile;
import io.github.bpipe.core.profile.ProfileLoader;
import io.github.bpipe.writer.scan.FileCache;
import io.github.bpipe.writer.scan.RestoredPath;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bpipe-writer scan-files}: tells the application of single files that were restored. */
@Command(
        name = "scan-files",
        mixinStandardHelpOptions = true,
        description =
                "Tells Nextcloud or ownCloud of files of its users that were restored: runs occ files:scan for just"
                        + " those paths, as the web server's user, and says what encrypted ones need besides.")
final class ScanFilesCommand implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofHours(6);
    private static final Duration TIME_TO_END = Duration.ofSeconds(10);
    /** Of files in one statement. */
    private static final int BATCH = 500;

    @Option(names = "--profile", paramLabel = "NAME-OR-PATH", required = true, description = "Whose application.")
    private String profileName;

    @Option(
            names = "--encrypted",
            description =
                    "After the scan, set the flag in the application's database of those files that are encrypted.")
    private boolean flagEncrypted;

    @Parameters(
            paramLabel = "PATH",
            arity = "1..*",
            description = "Files and folders that were restored: full paths, or USER/files/... below the data folder.")
    private List<String> named;

    @Spec
    private CommandSpec command;

    private final Surroundings surroundings;
    private final Messages messages;

    ScanFilesCommand(Surroundings surroundings, Messages messages) {
        this.surroundings = surroundings;
        this.messages = messages;
    }

    @Override
    public Integer call() throws IOException {
        Profile profile = new ProfileLoader(surroundings.environment()).load(profileName);
        if (profile.application() == null) {
            throw new Failure(
                    ExitCode.USAGE,
                    "profile " + profile.name() + " names no application",
                    "bareos-config init nextcloud PATH writes one that does");
        }
        List<RestoredPath> paths = new ArrayList<>();
        for (String path : named) {
            paths.add(checked(RestoredPath.of(profile.application().data(), path)));
        }
        ProgramRunner runner = new ProgramRunner();
        try (Interruption interruption = new Interruption("scan", runner::end, TIME_TO_END, messages)) {
            try {
                Occ occ = new Occ(profile.application(), runner, LIMIT);
                for (RestoredPath path : paths) {
                    print(occ.run("files:scan", "--path=" + path.scanned()));
                }
                for (RestoredPath path : paths) {
                    encrypted(profile, path);
                }
            } catch (IOException | RuntimeException e) {
                throw interruption.explain(e, ExitCode.HOOK);
            }
        }
        return ExitCode.OK.code();
    }

    private static RestoredPath checked(RestoredPath path) throws IOException {
        FileFacts facts = path.facts()
                .orElseThrow(() -> new Failure(
                        ExitCode.USAGE, "no file " + path.data().resolve(path.inside()), "restore it before"));
        if (facts.type() == FileFacts.Type.LINK) {
            throw new Failure(
                    ExitCode.USAGE,
                    path.data().resolve(path.inside()) + " is a symbolic link",
                    "name what it leads to");
        }
        return path;
    }

    private void encrypted(Profile profile, RestoredPath path) throws IOException {
        List<String> files = new ArrayList<>();
        long[] counts = new long[2];
        try (FileCache cache = flagEncrypted ? FileCache.open(profile) : null) {
            path.encrypted(file -> {
                counts[0]++;
                files.add(file);
                if (files.size() == BATCH) {
                    counts[1] += flag(cache, path, files);
                }
            });
            counts[1] += flag(cache, path, files);
        }
        if (counts[0] > 0) {
            tell(profile, path, counts[0], counts[1]);
        }
    }

    private static long flag(FileCache cache, RestoredPath path, List<String> files) throws IOException {
        long flagged = cache == null || files.isEmpty() ? 0 : cache.flag(path.user(), files);
        files.clear();
        return flagged;
    }

    private void tell(Profile profile, RestoredPath path, long encrypted, long flagged) throws IOException {
        print(path.scanned() + ": " + encrypted + " encrypted files");
        print(
                FileFacts.find(path.keys()).isPresent()
                        ? "their keys are in " + path.keys() + "; they must be of the same backup"
                        : "their keys are missing: restore " + path.keys() + " from the same backup");
        print(
                flagEncrypted
                        ? "the flag encrypted is set of " + flagged + " of them"
                        : "the scan has not flagged them as encrypted: run this again with --encrypted");
        print("where one cannot be opened then, as the user "
                + profile.application().user()
                + ": occ encryption:fix-encrypted-version " + path.user() + " --path=/"
                + path.inside().subpath(1, path.inside().getNameCount()));
        if (flagEncrypted && flagged < encrypted) {
            throw new Failure(
                    ExitCode.APPLICATION,
                    (encrypted - flagged) + " encrypted files of " + path.scanned()
                            + " are not in the application's file" + " cache",
                    "look what occ files:scan said of them");
        }
    }

    private void print(String text) {
        PrintWriter out = command.commandLine().getOut();
        text.lines().filter(line -> !line.isBlank()).forEach(line -> out.println(Printable.text(line)));
    }
}
