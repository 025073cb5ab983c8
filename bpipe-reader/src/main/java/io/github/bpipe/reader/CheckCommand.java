package io.github.bpipe.reader;

import io.github.bpipe.core.cli.Interruption;
import io.github.bpipe.core.cli.Messages;
import io.github.bpipe.core.cli.MetricsOption;
import io.github.bpipe.core.cli.Sizes;
import io.github.bpipe.core.cli.Surroundings;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.job.RunJournal;
import io.github.bpipe.core.job.RunKind;
import io.github.bpipe.core.profile.ProfileLoader;
import io.github.bpipe.reader.source.Source;
import io.github.bpipe.reader.source.SourceFacts;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bpipe-reader check}: would a dump succeed now? */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Proves that a dump of the profile's database can begin: connection, privileges, client programs,"
                + " a consistent snapshot and the space for it. Nothing is dumped. Opens the record that report shows.")
final class CheckCommand implements Callable<Integer> {
    private static final Duration TIME_TO_END = Duration.ofSeconds(5);

    @Mixin
    private DumpChoice choice;

    @Mixin
    private MetricsOption metrics;

    @Option(names = "--job", paramLabel = "ID", description = "Number of the job that the dump is for (Bareos' %%i).")
    private String job;

    @Spec
    private CommandSpec command;

    private final Surroundings surroundings;
    private final Messages messages;

    CheckCommand(Surroundings surroundings, Messages messages) {
        this.surroundings = surroundings;
        this.messages = messages;
    }

    @Override
    public Integer call() throws IOException {
        if (choice.profileName() == null) {
            throw new Failure(ExitCode.USAGE, "no profile named", "give --profile NAME");
        }
        String name = ProfileLoader.name(choice.profileName());
        try {
            new RunJournal(surroundings.environment(), RunKind.BACKUP, name).check(job, this::check);
        } finally {
            metrics.write(choice.profileName(), surroundings.environment(), messages::warning);
        }
        return ExitCode.OK.code();
    }

    private void check() throws IOException {
        DumpOptions options = choice.options(surroundings.environment());
        Source source = options.source();
        try (source;
                Interruption interruption = new Interruption("check", source::close, TIME_TO_END, messages)) {
            try {
                tell(options, source.open());
            } catch (IOException | RuntimeException e) {
                throw interruption.explain(e, ExitCode.DUMP_FAILED);
            }
        }
    }

    private void tell(DumpOptions options, SourceFacts facts) {
        facts.warnings().forEach(messages::warning);
        String size = facts.estimatedBytes().isPresent()
                ? ", about " + Sizes.text(facts.estimatedBytes().getAsLong())
                : "";
        command.commandLine()
                .getOut()
                .printf("bpipe-reader %s: %s can be dumped%s%n", options.profile(), options.database(), size);
    }
}
