package io.github.bpipe.reader;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.job.NumberExplained;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bpipe-reader explain}: what does this number mean? */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = "Says what an exit code of bpipe-reader or bpipe-writer means, or the large number that a job log"
                + " prints for it.")
final class ExplainCommand implements Callable<Integer> {
    @Parameters(paramLabel = "CODE", description = "An exit code such as 13, or a number such as 268435469.")
    private long number;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws Failure {
        String explained = NumberExplained.of(number);
        if (explained == null) {
            throw new Failure(
                    ExitCode.USAGE,
                    number + " is neither an exit code of these programs nor a number that a daemon prints for one",
                    "an exit code is 0 to 255, a job log shows 268435456 + exit code or 134217728 + signal");
        }
        command.commandLine().getOut().println(number + ": " + explained);
        return ExitCode.OK.code();
    }
}
