package io.github.bpipe.writer;

import io.github.bpipe.core.cli.Interruption;
import io.github.bpipe.core.cli.Messages;
import io.github.bpipe.core.cli.Sizes;
import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.SqlitePaths;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.job.RunSummary;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.core.stream.ObjectEntry;
import io.github.bpipe.core.stream.StoredBlock;
import io.github.bpipe.core.stream.StreamDecoder;
import io.github.bpipe.writer.only.OnlyTables;
import io.github.bpipe.writer.target.SwitchReport;
import io.github.bpipe.writer.target.Target;
import io.github.bpipe.writer.target.TargetOptions;
import io.github.bpipe.writer.target.Targets;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;

/** One restore: input, decoder, staged copy, check, switch. */
final class Restore {
    /** Once the target is closed only the input may still be waited for. */
    private static final Duration TIME_TO_END = Duration.ofMillis(500);

    private final Engine expected;
    private final TargetOptions options;
    private final List<String> only;
    private final boolean elsewhere;
    private final Messages messages;
    private final BiFunction<Engine, TargetOptions, Target> targets;

    /**
     * Prepares a restore.
     *
     * @param expected engine that the stream must come from, or null for any
     * @param only tables to restore; empty for everything
     * @param elsewhere true to refuse the database that the stream comes from
     */
    Restore(Engine expected, TargetOptions options, List<String> only, boolean elsewhere, Messages messages) {
        this(expected, options, only, elsewhere, messages, Targets::of);
    }

    /** @param targets makes the target for the engine of the stream */
    Restore(
            Engine expected,
            TargetOptions options,
            List<String> only,
            boolean elsewhere,
            Messages messages,
            BiFunction<Engine, TargetOptions, Target> targets) {
        this.targets = targets;
        this.expected = expected;
        this.options = options;
        this.only = List.copyOf(only);
        this.elsewhere = elsewhere;
        this.messages = messages;
    }

    /** Reads the stream to its end and switches, or fails and leaves the live database as it is. */
    RunSummary run(InputStream in) throws IOException {
        StreamDecoder decoder = new StreamDecoder(in);
        Header header = decoder.header();
        Engine engine = Engine.ofStream(header.engine(), expected);
        requireElsewhere(engine, header.database());
        Target whole = targets.apply(engine, options);
        OnlyTables some = only.isEmpty() ? null : OnlyTables.before(whole, engine, only);
        Target target = some == null ? whole : some;
        if (options.inPlace()) {
            messages.warning("in place: " + (options.into() != null ? options.into() : header.database())
                    + " is emptied before it is loaded again, and no former database is kept; when this restore fails,"
                    + " the database is lost until another one succeeds");
        }
        try (target;
                Interruption interruption = new Interruption("restore", target::close, TIME_TO_END, messages)) {
            try {
                target.prepare(header);
                load(decoder, target);
                target.check(decoder.objects());
                SwitchReport report = target.switchOver();
                report(
                        some == null ? decoder.objects() : some.expected(decoder.objects()),
                        some == null ? Sizes.text(decoder.trailer().raw()) : "the other tables left out",
                        report);
                RunSummary done = RunSummary.ofStream(decoder.trailer(), decoder.offset(), header.created(), List.of())
                        .restored(report.live(), report.former(), report.unusable(), report.warnings());
                return some == null ? done : done.ofSomeTables();
            } catch (IOException | RuntimeException e) {
                throw interruption.explain(e, ExitCode.LOAD_FAILED);
            }
        }
    }

    private static void load(StreamDecoder decoder, Target target) throws IOException {
        for (StoredBlock block = decoder.nextBlock(); block != null; block = decoder.nextBlock()) {
            target.load(block);
        }
    }

    /** The switch would put a few tables in the place of a whole database. */
    private void requireElsewhere(Engine engine, String source) throws IOException {
        boolean over = options.into() != null && mayBeOne(engine, options.into(), source);
        if (elsewhere && over) {
            throw new Failure(
                    ExitCode.USAGE,
                    "the restore is to leave the live database alone, and the stream comes from " + options.into(),
                    "give another name than that");
        }
        if (!only.isEmpty() && !options.extent().isTables() && over) {
            throw new Failure(
                    ExitCode.USAGE,
                    "--only with --into makes a database of these tables alone, and " + source
                            + " would lose its other tables",
                    "leave --into out to exchange these tables in it, or give another name");
        }
        if (options.extent().isTables() && options.inPlace()) {
            throw new Failure(
                    ExitCode.USAGE,
                    "single tables cannot be restored in place",
                    "restore them with --mode staged, or with --into");
        }
    }

    /** True also for names that differ in capital letters alone, which some servers of MariaDB take for the same. */
    private static boolean mayBeOne(Engine engine, String first, String second) throws IOException {
        return switch (engine) {
            case SQLITE -> SqlitePaths.same(first, second);
            case MARIADB, MYSQL -> first.equalsIgnoreCase(second);
            case POSTGRESQL -> first.equals(second);
        };
    }

    private void report(List<ObjectEntry> objects, String size, SwitchReport report) {
        report.warnings().forEach(messages::warning);
        messages.info(String.format(
                "restored %s: %d objects, %,d rows, %s; not usable for %.2f s%s",
                report.live(),
                objects.size(),
                objects.stream()
                        .mapToLong(entry -> entry.rows() == null ? 0 : entry.rows())
                        .sum(),
                size,
                report.unusable().toMillis() / 1e3,
                report.former() == null
                        ? ""
                        : "; the former "
                                + (options.extent().isTables() ? "tables are kept in " : "database is kept as ")
                                + report.former()));
    }
}
