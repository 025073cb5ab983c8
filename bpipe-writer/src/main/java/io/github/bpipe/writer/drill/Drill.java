package io.github.bpipe.writer.drill;

import io.github.bpipe.core.cli.Interruption;
import io.github.bpipe.core.cli.Messages;
import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.job.RunSummary;
import io.github.bpipe.core.profile.DrillCheck;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.core.stream.StoredBlock;
import io.github.bpipe.core.stream.StreamDecoder;
import io.github.bpipe.core.stream.Trailer;
import io.github.bpipe.writer.target.Target;
import io.github.bpipe.writer.target.Targets;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * One drill: a stream is restored as in earnest, into a place that is made for it; everything in it is compared with what
 * the stream promises, the profile's checks are asked, and the place is removed. Used once.
 */
public final class Drill {
    private static final Duration TIME_TO_END = Duration.ofMillis(500);

    /** Work whose time is taken. */
    private interface Part {
        void run() throws IOException;
    }

    private final Engine expected;
    private final DrillPlaces places;
    private final Messages messages;
    private final Instant started = Instant.now();
    private final List<DrillPart> parts = new ArrayList<>();
    private final List<DrillAnswer> answers = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    /** The place first: with a server of our own nothing in it need be tidied up. */
    private final List<Closeable> open = new ArrayList<>();

    private boolean closed;
    private StreamDecoder decoder;
    private Header header;
    /** Once it is open. */
    private DrillPlace place;

    private boolean restored;

    /**
     * Does nothing yet.
     *
     * @param expected engine that the stream must come from, or null for any
     */
    public Drill(Engine expected, DrillPlaces places, Messages messages) {
        this.expected = expected;
        this.places = places;
        this.messages = messages;
    }

    /**
     * How a drill ended.
     *
     * @param summary of a good one, else null
     * @param failure of a bad one, else null
     */
    public record Outcome(DrillReport report, RunSummary summary, Failure failure) {}

    /**
     * Reads the stream to its end and restores it, or fails; in both cases nothing is left.
     *
     * @param profile its name, or null
     * @param earlier drills to compare with
     */
    public Outcome run(InputStream in, String profile, List<EarlierDrill> earlier) {
        Failure failure = null;
        try (Interruption interruption = new Interruption("drill", this::close, TIME_TO_END, messages)) {
            try {
                prove(in);
            } catch (IOException | RuntimeException e) {
                failure = interruption.explain(e, ExitCode.LOAD_FAILED);
            } finally {
                close();
            }
        }
        RunSummary summary = failure == null
                ? RunSummary.ofStream(decoder.trailer(), decoder.offset(), header.created(), List.of())
                        .drilled(answers.size(), warnings)
                : null;
        return new Outcome(report(failure, profile, earlier), summary, failure);
    }

    private void prove(InputStream in) throws IOException {
        decoder = new StreamDecoder(in);
        header = decoder.header();
        Engine engine = Engine.ofStream(header.engine(), expected);
        DrillPlace made = hold(places.of(engine));
        part("start", () -> made.open(header));
        place = made;
        Target target = hold(Targets.of(engine, place.options()));
        part("load", () -> {
            target.prepare(header);
            for (StoredBlock block = decoder.nextBlock(); block != null; block = decoder.nextBlock()) {
                target.load(block);
            }
        });
        part("compare", () -> target.check(decoder.objects()));
        if (place.isOwn()) {
            part("switch", () -> warnings.addAll(target.switchOver().warnings()));
        }
        restored = true;
        String database = place.isOwn() ? place.options().into() : target.staged();
        DrillChecks checks = new DrillChecks(engine, place.options().connection(), database);
        if (!places.settings().checks().isEmpty()) {
            part("checks", () -> {
                for (DrillCheck check : places.settings().checks()) {
                    answers.add(checks.ask(check));
                }
            });
        }
        DrillChecks.require(answers);
    }

    private DrillReport report(Failure failure, String profile, List<EarlierDrill> earlier) {
        boolean dumpKnown = header != null;
        Trailer trailer = restored ? decoder.trailer() : null;
        return new DrillReport(
                failure == null ? DrillReport.PROVEN : DrillReport.FAILED,
                failure == null ? ExitCode.OK.code() : failure.exitCode().code(),
                failure == null ? null : failure.getMessage(),
                failure == null ? null : failure.hint(),
                profile,
                dumpKnown ? header.id() : null,
                dumpKnown ? header.engine() : null,
                dumpKnown ? header.database() : null,
                dumpKnown ? header.serverVersion() : null,
                dumpKnown ? header.created() : null,
                place == null ? null : place.describe(),
                started,
                Instant.now(),
                List.copyOf(parts),
                restored ? trailer.objects() : null,
                restored ? trailer.rows() : null,
                restored ? trailer.raw() : null,
                restored ? decoder.offset() : null,
                restored ? decoder.objects() : List.of(),
                List.copyOf(answers),
                List.copyOf(warnings),
                earlier);
    }

    private void part(String name, Part work) throws IOException {
        long begun = System.nanoTime();
        try {
            work.run();
        } finally {
            parts.add(new DrillPart(
                    name, Duration.ofNanos(System.nanoTime() - begun).toMillis()));
        }
    }

    private synchronized <T extends Closeable> T hold(T opened) throws Failure {
        if (closed) {
            throw new Failure(ExitCode.INTERRUPTED, "the drill was ended", "run it again");
        }
        open.add(opened);
        return opened;
    }

    private void close() {
        List<Closeable> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(open);
        }
        for (Closeable each : all) {
            try {
                each.close();
            } catch (IOException e) {
                throw new IllegalStateException("places and targets close without failing", e);
            }
        }
    }
}
