package io.github.bpipe.writer.drill;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.NameDigest;
import io.github.bpipe.core.engine.PostgresCreation;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.writer.target.TargetOptions;

/**
 * A staged copy on a server that others use, which is never put in the place of anything. It goes with its target, or
 * where that was killed, with the next drill of the same database.
 *
 * <p>Accounts that the server lacks are not created, since they would stay.
 */
final class ScratchDatabase implements DrillPlace {
    private static final int DIGITS = 10;

    private final DrillSettings settings;
    private final Connection connection;
    private final PostgresCreation create;
    private String name;

    /** @param connection with an administrative account */
    ScratchDatabase(DrillSettings settings, Connection connection, PostgresCreation create) {
        this.settings = settings;
        this.connection = connection;
        this.create = create;
    }

    /** The target looks for the space, since only the server knows where its data is. */
    @Override
    public void open(Header header) {
        // short, because not every name leaves room for more
        name = "bpipe_drill_" + NameDigest.of(header.database(), DIGITS);
    }

    @Override
    public TargetOptions options() {
        return new TargetOptions(connection, name, false, false, false, false, settings.jobs(), create);
    }

    @Override
    public boolean isOwn() {
        return false;
    }

    @Override
    public String describe() {
        return "a scratch database on " + connection.describe();
    }

    @Override
    public void close() {
        // the target removes its own staged copy
    }
}
