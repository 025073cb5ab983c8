package io.github.bpipe.writer.target.postgres;

import io.github.bpipe.writer.target.Target;
import io.github.bpipe.writer.target.TargetOptions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** A target that tells by name what step of its switch it has reached, for tests outside of this package. */
public final class PostgresSteps {
    private PostgresSteps() {}

    public static Target target(TargetOptions options, Consumer<Enum<?>> steps) {
        return new PostgresTarget(options, Duration.ofSeconds(3), steps::accept);
    }

    /** All of them, in their order. */
    public static List<String> names() {
        return Arrays.stream(PostgresStep.values()).map(Enum::name).toList();
    }
}
