package io.github.bpipe.writer;

import io.github.bpipe.core.cli.Surroundings;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.job.RestoreOutcome;
import io.github.bpipe.core.job.RunFolder;
import io.github.bpipe.core.job.RunKind;
import io.github.bpipe.core.job.RunRecord;
import io.github.bpipe.core.process.Child;
import io.github.bpipe.core.process.Command;
import io.github.bpipe.core.profile.ProfileLoader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code bpipe-writer after}: runs a hook behind a restore job and tells it what the writer recorded.
 *
 * <p>A script of a job does not learn where the job restored to, or whether it restored a database at all; without this a
 * hook would act on the live application after a restore that went elsewhere.
 */
@picocli.CommandLine.Command(
        name = "after",
        mixinStandardHelpOptions = true,
        description =
                "Runs a command after a restore job, without a shell. Its environment says what the job did with the"
                        + " databases of the profiles: BPIPE_OUTCOME is restored (a live one was replaced), elsewhere (only"
                        + " files were written), nothing, or failed. The exit status is that of the command.")
final class AfterCommand implements Callable<Integer> {
    private static final String GOOD = "OK";

    @Option(
            names = "--profile",
            paramLabel = "NAME-OR-PATH",
            required = true,
            description = "Whose restore; repeatable.")
    private List<String> profiles;

    @Option(names = "--job", paramLabel = "ID", required = true, description = "Number of the job (Bareos' %%i).")
    private String job;

    @Option(
            names = "--ended",
            paramLabel = "STATUS",
            description = "How the daemon says that the job ended (Bareos' %%e): anything but OK makes nothing and"
                    + " restored into failed.")
    private String ended;

    @Parameters(
            paramLabel = "COMMAND",
            arity = "1..*",
            description = "After --: the program's full path, and arguments.")
    private List<String> words;

    @Spec
    private CommandSpec spec;

    private final Map<String, String> environment;

    AfterCommand(Surroundings surroundings) {
        this.environment = surroundings.environment();
    }

    @Override
    public Integer call() throws IOException {
        List<Optional<RunRecord>> records = new ArrayList<>();
        for (String profile : profiles) {
            records.add(RunFolder.of(environment, ProfileLoader.name(profile)).newest(RunKind.RESTORE, job));
        }
        String program = words.get(0);
        if (!program.startsWith("/") || !Files.isExecutable(Path.of(program))) {
            throw new Failure(
                    ExitCode.USAGE,
                    "cannot run the hook " + program + ": not the full path of an executable file",
                    "correct hooks.postRestore in the profile, and generate the job again");
        }
        Command command = new Command(
                program,
                words.subList(1, words.size()),
                Map.of(RestoreOutcome.VARIABLE, outcome(records).word()));
        PrintWriter log = spec.commandLine().getOut();
        try (Child child = Child.start(command)) {
            child.stdin().close();
            BufferedReader lines = new BufferedReader(new InputStreamReader(child.stdout(), StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                log.println(line);
            }
            int status = child.await();
            child.stderr().lines().forEach(log::println);
            return status;
        }
    }

    /** The writers know of databases only, the daemon of all; an older job does not say what the daemon knows. */
    private RestoreOutcome outcome(List<Optional<RunRecord>> records) {
        RestoreOutcome outcome = RestoreOutcome.of(records);
        boolean good = ended == null || ended.startsWith(GOOD);
        return good || outcome == RestoreOutcome.ELSEWHERE ? outcome : RestoreOutcome.FAILED;
    }
}
