package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.engine.Engine;
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
    private volatile MariaDbServer server;
    private volatile MariaDbLoader loader;
    private MariaDbAccounts accounts;

    public MariaDbInPlaceTarget(Engine engine, TargetOptions options) {
        this.engine = engine;
        this.options = options;
    }

    @Override
    public void prepare(Header streamHeader) throws IOException {
        header = streamHeader;
        MariaDbNames names = MariaDbAdmission.names(header, options.into());
        server = new MariaDbServer(engine, options.connection(), names);
        options.requireReplaceable(names.live(), new MariaDbCatalog(server.keeper()).exists(names.live()));
        MariaDbAdmission.requirePrivileges(server.keeper());
        warnings.addAll(MariaDbAdmission.versions(server.keeper(), header, true));
        new MariaDbRecovery(server).run();
        MariaDbAdmission.requireNoForeignKeys(server.keeper(), names.live());
        new MariaDbSpace(server.keeper()).require(header, names.live(), true);
        accounts = new MariaDbAccounts(server, warnings);
        if (options.createAccounts()) {
            accounts.create(header.accounts());
        }
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
    public void check(List<ObjectEntry> objects) throws IOException {
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
        String live = server.names().live();
        byte[] enabled = new MariaDbDefinitions(server, events).script(Part.EVENTS, live, live);
        try (MariaDbScriptRun run = server.script(live, ".load")) {
            run.write(enabled, enabled.length);
            run.finish();
        }
        accounts.finish();
        server.keeper().execute("DROP TABLE " + MariaDbCatalog.qualified(live, MariaDbHalfRestored.TABLE));
        return new SwitchReport(live, null, Duration.between(emptied, Instant.now()), List.copyOf(warnings));
    }

    @Override
    public void close() {
        if (loader != null) {
            loader.close();
        }
        if (server != null) {
            server.close();
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
            if (!item.name().equals(MariaDbHalfRestored.TABLE)) {
                keeper.execute(MariaDbCatalog.drop(live, item));
            }
        }
        loader = new MariaDbLoader(server, header.database(), live, events, options.jobs());
    }
}
