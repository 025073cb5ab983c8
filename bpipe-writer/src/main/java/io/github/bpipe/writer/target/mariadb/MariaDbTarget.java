package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.engine.MariaDbHalfRestored;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.core.stream.ObjectEntry;
import io.github.bpipe.core.stream.StoredBlock;
import io.github.bpipe.writer.target.SwitchReport;
import io.github.bpipe.writer.target.Target;
import io.github.bpipe.writer.target.TargetOptions;
import io.github.bpipe.writer.target.mariadb.MariaDbMarker.Origin;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A MariaDB or MySQL database, built in a staged schema and switched by one {@code RENAME TABLE}.
 *
 * <p>The database that is replaced is kept as {@code NAME__bpipe_old}. While one is kept, a further restore that would
 * keep its own is refused; with {@code keepFormer} false it goes ahead and the kept one stays as it is. Privileges are
 * granted on names, so they hold for whatever is live.
 */
public final class MariaDbTarget implements Target {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Engine engine;
    private final TargetOptions options;
    private final Duration patience;
    private final MariaDbStep.Listener steps;
    private final MariaDbEvents events = new MariaDbEvents();
    private final List<String> warnings = new ArrayList<>();
    private volatile MariaDbServer server;
    private volatile MariaDbLoader loader;
    /** True while something of ours stands in the server that must not stay. */
    private volatile boolean staged;

    public MariaDbTarget(Engine engine, TargetOptions options) {
        this(engine, options, PATIENCE, step -> {});
    }

    MariaDbTarget(Engine engine, TargetOptions options, Duration patience, MariaDbStep.Listener steps) {
        this.engine = engine;
        this.options = options;
        this.patience = patience;
        this.steps = steps;
    }

    @Override
    public void prepare(Header header) throws IOException {
        MariaDbNames names = MariaDbAdmission.names(header, options.into());
        server = new MariaDbServer(engine, options.connection(), names);
        if (options.skipBinlog()) {
            server.skipBinlog();
        }
        SqlSession keeper = server.keeper();
        options.requireReplaceable(names.live(), new MariaDbCatalog(keeper).exists(names.live()));
        MariaDbAdmission.requireAtomicRename(keeper);
        MariaDbAdmission.requirePrivileges(keeper);
        warnings.addAll(MariaDbAdmission.versions(keeper, header, false));
        String earlier = "an earlier restore of " + names.live() + " had been interrupted ";
        switch (new MariaDbRecovery(server, warnings).run()) {
            case COMPLETED -> warnings.add(earlier + "in its last steps: completed");
            case UNDONE -> warnings.add(earlier + "before its switch: what it had left was removed");
            case NOTHING -> {}
        }
        MariaDbAdmission.requireFree(keeper, names.replaced());
        if (options.keepFormer()) {
            MariaDbAdmission.requireFree(keeper, names.former());
        }
        MariaDbAdmission.requireNoForeignKeys(keeper, names.live());
        if (options.extent().isTables()) {
            MariaDbAdmission.requireWhole(keeper, names.live());
        }
        new MariaDbSpace(keeper).require(header, names.live(), false);
        staged = true;
        MariaDbDatabase.create(keeper, names.staged(), header);
        MariaDbMarker.loading(
                        names.live(),
                        header,
                        options.extent().isTables() ? MariaDbExtent.TABLES : MariaDbExtent.DATABASE)
                .create(keeper, names.staged());
        MariaDbJournal journal = new MariaDbJournal(keeper, names.staged());
        journal.create();
        if (options.createAccounts()) {
            new MariaDbAccounts(server, journal).create(header.accounts());
        }
        loader = new MariaDbLoader(
                server, header.database(), names.staged(), events, MariaDbRewrite.Purpose.LOAD, options.jobs());
    }

    @Override
    public void load(StoredBlock block) throws IOException {
        loader.load(block);
    }

    @Override
    public void check(List<ObjectEntry> objects) throws IOException {
        loader.finish();
        warnings.addAll(
                new MariaDbCheck(server.keeper(), events).require(server.names().staged(), objects));
        if (options.extent().isTables()) {
            new MariaDbDependents(server.keeper(), server.names()).require(options.extent(), warnings);
        }
    }

    @Override
    public String staged() {
        return server.names().staged();
    }

    @Override
    public SwitchReport switchOver() throws IOException {
        MariaDbNames names = server.names();
        MariaDbAdmission.requireNoForeignKeys(server.keeper(), names.live());
        MariaDbCatalog catalog = new MariaDbCatalog(server.keeper());
        boolean keep = options.keepFormer()
                && catalog.exists(names.live())
                && !catalog.all(names.live()).isEmpty()
                && !MariaDbHalfRestored.isMarked(server.keeper(), names.live());
        MariaDbReaders.keepOut(server, patience, warnings);
        Duration unusable;
        try {
            unusable = new MariaDbSwitch(server, keep ? names.former() : names.replaced(), patience, warnings, steps)
                    .run(Origin.STREAM, new MariaDbDefinitions(server, events));
        } catch (IOException e) {
            unusable = decide(e);
        }
        staged = false;
        return new SwitchReport(names.live(), keep ? names.former() : null, unusable, List.copyOf(warnings));
    }

    @Override
    public void close() {
        if (loader != null) {
            loader.close();
        }
        if (staged) {
            staged = false;
            removeStaged();
        }
        if (server != null) {
            server.close();
        }
    }

    /** After a failure in the middle of a switch: what the server says of it counts, not what reached us. */
    private Duration decide(IOException failure) throws IOException {
        warnings.add("the switch was interrupted and then completed: " + failure.getMessage());
        try {
            if (recover() == MariaDbRecovery.Outcome.COMPLETED) {
                return Duration.ZERO;
            }
            staged = false;
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
        throw failure;
    }

    private void removeStaged() {
        try {
            recover();
        } catch (IOException e) {
            // a server that cannot be reached now: the next run finds the staged schema by its marker
            warnings.add("the staged copy "
                    + MariaDbClients.identifier(server.names().staged()) + " is left");
        }
    }

    /** With sessions of its own, because a session whose statement failed, or is still running, is of no use. */
    private MariaDbRecovery.Outcome recover() throws IOException {
        server.close();
        server = new MariaDbServer(engine, options.connection(), server.names());
        if (options.skipBinlog()) {
            server.skipBinlog();
        }
        return new MariaDbRecovery(server, warnings).run();
    }
}
