package io.github.bpipe.core.cli;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.job.RunFolder;
import io.github.bpipe.core.job.RunHistory;
import io.github.bpipe.core.job.RunKind;
import io.github.bpipe.core.job.RunReport;
import io.github.bpipe.core.profile.ProfileLoader;
import java.io.IOException;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code report} of both programs: how did the last run, or that of a job, end? */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description =
                "Tells in a few lines how the last run of a profile ended, for the job log; exit status 0 only when"
                        + " it was good.")
public final class ReportCommand implements Callable<Integer> {
    @Option(names = "--profile", paramLabel = "NAME-OR-PATH", required = true, description = "Whose run.")
    private String profile;

    @Option(
            names = "--job",
            paramLabel = "ID",
            description = "The run of this job (Bareos' %%i) and no other; without it the last one.")
    private String job;

    @Option(
            names = "--history",
            description = "List the last runs of the profile instead: dumps, restores and drills; exit status 0"
                    + " whatever became of them. Bars and colours on a terminal only (no colours with NO_COLOR).")
    private boolean history;

    @Spec
    private CommandSpec command;

    private final List<RunKind> kinds;
    private final Map<String, String> environment;
    private final boolean terminal;

    /** Reports runs of these kinds: the last of all. */
    public ReportCommand(Surroundings surroundings, RunKind... kinds) {
        this.kinds = List.of(kinds);
        this.environment = surroundings.environment();
        this.terminal = surroundings.outIsTerminal();
    }

    @Override
    public Integer call() throws IOException {
        String name = ProfileLoader.name(profile);
        if (history) {
            return history(name);
        }
        RunFolder folder = RunFolder.of(environment, name);
        RunReport report = RunReport.of(folder, folder.latest(kinds, job), name, job);
        report.lines().forEach(command.commandLine().getOut()::println);
        return report.exitCode();
    }

    private int history(String name) throws Failure {
        RunHistory runs = new RunHistory(RunFolder.of(environment, name), ZoneId.systemDefault());
        if (runs.isEmpty()) {
            throw new Failure(
                    ExitCode.NO_RUN,
                    "no run of the profile " + name + " is recorded",
                    "runs with --profile " + name + " are, below "
                            + environment.getOrDefault(RunFolder.VARIABLE, RunFolder.DEFAULT.toString()));
        }
        boolean colours = terminal && environment.getOrDefault("NO_COLOR", "").isEmpty();
        runs.lines(terminal, colours).forEach(command.commandLine().getOut()::println);
        return ExitCode.OK.code();
    }
}
