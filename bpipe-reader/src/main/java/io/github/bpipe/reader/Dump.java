package io.github.bpipe.reader;

import io.github.bpipe.core.cli.Interruption;
import io.github.bpipe.core.cli.Messages;
import io.github.bpipe.core.cli.Version;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.job.BareosJob;
import io.github.bpipe.core.job.RunSummary;
import io.github.bpipe.core.stream.Abort;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.core.stream.StreamEncoder;
import io.github.bpipe.core.stream.StreamFormat;
import io.github.bpipe.core.stream.Trailer;
import io.github.bpipe.reader.encode.ObjectLedger;
import io.github.bpipe.reader.source.Dumped;
import io.github.bpipe.reader.source.Source;
import io.github.bpipe.reader.source.SourceFacts;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** One dump: source, encoder, output. */
final class Dump {
    /** To write the blocks under way and the reason, which is worth waiting for a slow receiver. */
    private static final Duration TIME_TO_ABORT = Duration.ofSeconds(5);

    private final DumpOptions options;
    private final Map<String, String> environment;
    private final Messages messages;

    Dump(DumpOptions options, Map<String, String> environment, Messages messages) {
        this.options = options;
        this.environment = environment;
        this.messages = messages;
    }

    /** Writes a whole stream to {@code out}, or one that ends in the reason why it is not whole. */
    RunSummary run(OutputStream out, Progress progress) throws IOException {
        Source source = options.source();
        try (source;
                Interruption interruption = new Interruption("dump", source::close, TIME_TO_ABORT, messages);
                StreamEncoder encoder = new StreamEncoder(out, options.level(), options.threads(), source::close)) {
            try {
                return write(source, encoder, progress);
            } catch (IOException | RuntimeException e) {
                Exception cause =
                        encoder.failure().<Exception>map(broken -> broken).orElse(e);
                Failure failure = interruption.explain(cause, ExitCode.DUMP_FAILED);
                abort(encoder, failure);
                throw failure;
            }
        }
    }

    private RunSummary write(Source source, StreamEncoder encoder, Progress progress) throws IOException {
        SourceFacts facts = source.open();
        facts.warnings().forEach(messages::warning);
        Header header = header(facts);
        encoder.header(header);
        progress.begin(facts.estimatedBytes(), encoder::bytesWritten);
        ObjectLedger ledger = new ObjectLedger();
        Dumped dumped = source.dump(progress.watch(encoder), ledger);
        Trailer trailer = encoder.finish(ledger.entries(), dumped.longest());
        progress.end(trailer.rows());
        List<String> warnings = new ArrayList<>(facts.warnings());
        List<String> late = new ArrayList<>(dumped.warnings());
        facts.tooLong(dumped.longest()).ifPresent(late::add);
        late.forEach(messages::warning);
        warnings.addAll(late);
        return RunSummary.ofStream(trailer, encoder.bytesWritten(), header.created(), warnings);
    }

    private Header header(SourceFacts facts) {
        return new Header(
                UUID.randomUUID(),
                StreamFormat.KIND_FULL,
                List.of(),
                "bpipe-reader " + Version.number(),
                options.engine().id(),
                options.database(),
                options.profile(),
                Instant.now(),
                facts.serverVersion(),
                facts.clientVersion(),
                facts.properties(),
                facts.accounts(),
                BareosJob.of(environment),
                facts.position());
    }

    /** Whoever holds the remains can read why; where the output itself is broken there is nobody to tell. */
    private static void abort(StreamEncoder encoder, Failure failure) {
        if (failure.exitCode() == ExitCode.OUTPUT) {
            return;
        }
        try {
            encoder.abort(new Abort(failure.exitCode().code(), failure.getMessage(), failure.hint()));
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }
}
