package io.github.bpipe.writer;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.core.stream.ObjectEntry;
import io.github.bpipe.core.stream.StoredBlock;
import io.github.bpipe.writer.target.SwitchReport;
import io.github.bpipe.writer.target.Target;
import io.github.bpipe.writer.target.TargetOptions;
import io.github.bpipe.writer.target.mariadb.MariaDbSteps;
import io.github.bpipe.writer.target.postgres.PostgresSteps;
import io.github.bpipe.writer.target.sqlite.SqliteSteps;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/** A real target that tells what step it has reached, with two more than its switch: prepared, and before the check. */
final class FaultyTarget implements Target {
    /** Recovery from dead runs is done, nothing else is. */
    static final String PREPARED = "PREPARED";

    private final Target target;
    private final Consumer<String> steps;

    private FaultyTarget(Target target, Consumer<String> steps) {
        this.target = target;
        this.steps = steps;
    }

    static Target of(Engine engine, TargetOptions options, Consumer<String> steps) {
        Consumer<Enum<?>> named = step -> steps.accept(step.name());
        return new FaultyTarget(
                switch (engine) {
                    case POSTGRESQL -> PostgresSteps.target(options, named);
                    case SQLITE -> SqliteSteps.target(options, named);
                    default -> MariaDbSteps.target(options, named);
                },
                steps);
    }

    @Override
    public void prepare(Header header) throws IOException {
        target.prepare(header);
        steps.accept(PREPARED);
    }

    @Override
    public void load(StoredBlock block) throws IOException {
        target.load(block);
    }

    @Override
    public void check(List<ObjectEntry> objects) throws IOException {
        steps.accept(FaultPoint.CHECK);
        target.check(objects);
    }

    @Override
    public String staged() {
        return target.staged();
    }

    @Override
    public SwitchReport switchOver() throws IOException {
        return target.switchOver();
    }

    @Override
    public void close() {
        target.close();
    }
}
