package io.github.bpipe.writer;

import io.github.bpipe.core.cli.Interruption;
import io.github.bpipe.core.cli.Messages;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.job.RunSummary;
import io.github.bpipe.core.profile.Profile;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.core.stream.StreamDecoder;
import io.github.bpipe.core.stream.WholeStream;
import io.github.bpipe.writer.target.Formers;
import io.github.bpipe.writer.target.Status;
import io.github.bpipe.writer.target.Target;
import io.github.bpipe.writer.target.TargetOptions;
import io.github.bpipe.writer.target.Targets;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** The database of a snapshot on its way back to the live place. */
final class UndoneDatabase {
    private static final Duration TIME_TO_END = Duration.ofSeconds(5);

    private final Profile profile;
    private final Path stream;
    private final Messages messages;

    UndoneDatabase(Profile profile, Path stream, Messages messages) {
        this.profile = profile;
        this.stream = stream;
        this.messages = messages;
    }

    /** Fails where the restore could not begin; nothing is left of it. */
    void prove() throws IOException {
        Header header = header();
        TargetOptions options = RestoreOptions.of(profile);
        if (options.inPlace()) {
            // it begins with what cannot be undone
            return;
        }
        Target target = Targets.of(profile.engine(), options);
        try (target;
                Interruption interruption = new Interruption("check", target::close, TIME_TO_END, messages)) {
            try {
                target.prepare(header);
            } catch (IOException | RuntimeException e) {
                throw interruption.explain(e, ExitCode.TARGET);
            }
        }
    }

    /** True where an undo that was broken off had got as far as to switch to this very dump. */
    boolean isRestored(UUID dump) throws IOException {
        Status status = status();
        return status.former() != null && Status.dump(dump, header().job()).equals(status.replacedBy());
    }

    RunSummary restore() throws IOException {
        try (InputStream in = open()) {
            return new Restore(profile.engine(), RestoreOptions.of(profile), List.of(), false, messages).run(in);
        }
    }

    /** What {@link #restore} has done in a run before. */
    RunSummary restoredBefore() throws IOException {
        messages.info(profile.database() + " was restored already before the undo was broken off");
        try (InputStream in = open()) {
            WholeStream whole = WholeStream.read(in, (raw, length) -> {});
            return RunSummary.ofStream(
                            whole.trailer(), whole.bytes(), whole.header().created(), List.of())
                    .restored(profile.database(), status().former(), Duration.ZERO, List.of());
        }
    }

    private Status status() throws IOException {
        return Formers.of(profile.engine(), profile.restoreConnection(), profile.database())
                .status();
    }

    private Header header() throws IOException {
        try (InputStream in = open()) {
            return new StreamDecoder(in).header();
        }
    }

    private InputStream open() throws IOException {
        return new BufferedInputStream(Files.newInputStream(stream));
    }
}
