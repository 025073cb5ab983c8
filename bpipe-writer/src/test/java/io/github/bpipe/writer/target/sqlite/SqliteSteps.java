package io.github.bpipe.writer.target.sqlite;

import io.github.bpipe.writer.target.Target;
import io.github.bpipe.writer.target.TargetOptions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** A target that tells by name what step of its switch it has reached, for tests outside of this package. */
public final class SqliteSteps {
    private SqliteSteps() {}

    public static Target target(TargetOptions options, Consumer<Enum<?>> steps) {
        return new SqliteTarget(options, Duration.ofSeconds(1), steps::accept);
    }

    /** Those of a staged restore of a file that nobody has open, in their order. */
    public static List<String> names() {
        return Arrays.stream(SqliteStep.values())
                .filter(step -> step != SqliteStep.LIVE_REMOVED && step != SqliteStep.OVERWRITING)
                .map(Enum::name)
                .toList();
    }
}
