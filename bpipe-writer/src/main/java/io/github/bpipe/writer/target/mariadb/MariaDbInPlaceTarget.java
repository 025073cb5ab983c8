package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.engine.MariaDbHalfRestored;
import io.github.bpipe.core.engine.MariaDbProperties;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.stream.BlockDecompressor;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.core.stream.Json;
import io.github.bpipe.core.stream.ObjectEntry;
import io.github.bpipe.core.stream.StoredBlock;
import io.github.bpipe.writer.target.SwitchReport;
import io.github.bpipe.writer.target.Target;
import io.github.bpipe.writer.target.TargetOptions;
import io.github.bpipe.writer.target.mariadb.MariaDbDefinitions.Part;
import io.github.bpipe.writer.target.mariadb.MariaDbJournal.Role;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A MariaDB or MySQL database that is emptied and loaded again where it stands, for those without the space for two. If
 * that fails, the old content is lost and the new one incomplete: the table {@link MariaDbHalfRestored#TABLE} then says so, until a restore
 * has succeeded.
 */
public final class MariaDbInPlaceTarget implements Target {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Engine engine;
    private final TargetOptions options;
    private final MariaDbEvents events = new MariaDbEvents();
    private final List<String> warnings = new ArrayList<>();
    private Header header;
    private Instant emptied;
    private List<ObjectEntry> objects = List.of();
    /** True while the staged schema holds our notes. */
    private volatile boolean noted;

    private volatile MariaDbServer server;
    private volatile MariaDbLoader loader;

    public MariaDbInPlaceTarget(Engine engine, TargetOptions options) {
        this.engine = engine;
        this.options = options;
    }

    @Override
    public void prepare(Header streamHeader) throws IOException {
        header = streamHeader;
        MariaDbNames names = MariaDbAdmission.names(header, options.into());
        server = new MariaDbServer(engine, options.connection(), names);
        if (options.skipBinlog()) {
            server.skipBinlog();
        }
        options.requireReplaceable(names.live(), new MariaDbCatalog(server.keeper()).exists(names.live()));
        MariaDbAdmission.requirePrivileges(server.keeper());
        warnings.addAll(MariaDbAdmission.versions(server.keeper(), header, true));
        new MariaDbRecovery(server, warnings).run();
        MariaDbAdmission.requireNoForeignKeys(server.keeper(), names.live());
        new MariaDbSpace(server.keeper()).require(header, names.live(), true);
        takeNotes();
    }

    /** The live database is emptied only now, when the first block has proven to be undamaged. */
    @Override
    public void load(StoredBlock block) throws IOException {
        if (loader == null) {
            BlockDecompressor.check(block);
            begin();
        }
        loader.load(block);
    }

    @Override
    public void check(List<ObjectEntry> entries) throws IOException {
        objects = entries;
        if (loader == null) {
            begin();
        }
        loader.finish();
        warnings.addAll(
                new MariaDbCheck(server.keeper(), events).require(server.names().live(), objects));
    }

    @Override
    public String staged() {
        return server.names().live();
    }

    @Override
    public SwitchReport switchOver() throws IOException {
        MariaDbNames names = server.names();
        String live = names.live();
        dropOtherRoutines();
        byte[] enabled = new MariaDbDefinitions(server, events).script(Part.EVENTS, live, live);
        try (MariaDbScriptRun run = server.script(live, ".load")) {
            run.write(enabled, enabled.length);
            run.finish();
        }
        SqlSession keeper = server.keeper();
        new MariaDbGrants(server).give(new MariaDbJournal(keeper, names.staged()), warnings);
        keeper.execute("DROP DATABASE " + MariaDbClients.identifier(names.staged()));
        noted = false;
        keeper.execute("DROP TABLE " + MariaDbCatalog.qualified(live, MariaDbHalfRestored.TABLE));
        return new SwitchReport(live, null, Duration.between(emptied, Instant.now()), List.copyOf(warnings));
    }

    @Override
    public void close() {
        if (loader != null) {
            loader.close();
        }
        if (noted) {
            forget();
        }
        if (server != null) {
            server.close();
        }
    }

    /** The staged schema holds nothing but the journal, by which the next run removes accounts that got no privilege. */
    private void takeNotes() throws IOException {
        SqlSession keeper = server.keeper();
        MariaDbNames names = server.names();
        noted = true;
        MariaDbDatabase.create(keeper, names.staged(), header);
        MariaDbMarker.loading(names.live(), header, MariaDbExtent.DATABASE).create(keeper, names.staged());
        MariaDbJournal journal = new MariaDbJournal(keeper, names.staged());
        journal.create();
        if (options.createAccounts()) {
            new MariaDbAccounts(server, journal).create(header.accounts());
        }
        journal.writeList(Role.LEAVING, Part.GRANTS, new MariaDbGrants(server).ofRoutines());
    }

    private void forget() {
        noted = false;
        MariaDbNames names = server.names();
        server.close();
        try (MariaDbServer again = new MariaDbServer(engine, options.connection(), names)) {
            if (options.skipBinlog()) {
                again.skipBinlog();
            }
            new MariaDbRecovery(again, warnings).run();
        } catch (IOException e) {
            // a server that cannot be reached now: the next run finds the notes by their marker
        }
    }

    /** A routine that is replaced keeps its grants; so only what the stream does not hold is dropped, and last. */
    private void dropOtherRoutines() throws IOException {
        String live = server.names().live();
        for (MariaDbCatalog.Item item : new MariaDbCatalog(server.keeper()).routines(live)) {
            boolean promised = objects.stream()
                    .anyMatch(entry ->
                            entry.kind().equals(item.kind()) && entry.name().equals(item.name()));
            if (!promised) {
                server.keeper().execute(MariaDbCatalog.drop(live, item));
            }
        }
    }

    private void begin() throws IOException {
        MariaDbReaders.keepOut(server, PATIENCE, warnings);
        emptied = Instant.now();
        String live = server.names().live();
        SqlSession keeper = server.keeper();
        MariaDbCatalog catalog = new MariaDbCatalog(keeper);
        if (!catalog.exists(live)) {
            MariaDbDatabase.create(keeper, live, header);
        } else if (header.properties() != null) {
            keeper.execute(
                    MariaDbDatabase.alter(engine, live, Json.fromTree(header.properties(), MariaDbProperties.class)));
        }
        keeper.execute("CREATE TABLE IF NOT EXISTS " + MariaDbCatalog.qualified(live, MariaDbHalfRestored.TABLE)
                + " (stream VARCHAR(64) NOT NULL) ENGINE = InnoDB"
                + " COMMENT = 'this database is half restored: run bpipe-writer again'");
        keeper.execute("SET SESSION foreign_key_checks = 0");
        for (MariaDbCatalog.Item item : catalog.all(live)) {
            boolean replaced =
                    engine == Engine.MARIADB && catalog.routines(live).contains(item);
            if (!item.name().equals(MariaDbHalfRestored.TABLE) && !replaced) {
                keeper.execute(MariaDbCatalog.drop(live, item));
            }
        }
        loader = new MariaDbLoader(server, header.database(), live, events, purpose(), options.jobs());
    }

    private MariaDbRewrite.Purpose purpose() {
        return engine == Engine.MARIADB ? MariaDbRewrite.Purpose.LOAD_OVER : MariaDbRewrite.Purpose.LOAD;
    }
}
