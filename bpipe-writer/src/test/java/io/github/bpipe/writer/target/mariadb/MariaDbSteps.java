package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.writer.target.Target;
import io.github.bpipe.writer.target.TargetOptions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** A target that tells by name what step of its switch it has reached, for tests outside of this package. */
public final class MariaDbSteps {
    private MariaDbSteps() {}

    public static Target target(TargetOptions options, Consumer<Enum<?>> steps) {
        return new MariaDbTarget(Engine.MARIADB, options, Duration.ofSeconds(3), steps::accept);
    }

    /** All of them, in their order. */
    public static List<String> names() {
        return Arrays.stream(MariaDbStep.values()).map(Enum::name).toList();
    }
}
