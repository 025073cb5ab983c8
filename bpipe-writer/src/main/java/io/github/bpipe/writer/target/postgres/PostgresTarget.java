package io.github.bpipe.writer.target.postgres;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.PostgresClients;
import io.github.bpipe.core.engine.PostgresMarker;
import io.github.bpipe.core.engine.PostgresMarker.Role;
import io.github.bpipe.core.engine.PostgresProperties;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.BlockDecompressor;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.core.stream.Json;
import io.github.bpipe.core.stream.ObjectEntry;
import io.github.bpipe.core.stream.StoredBlock;
import io.github.bpipe.writer.target.SwitchReport;
import io.github.bpipe.writer.target.Target;
import io.github.bpipe.writer.target.TargetOptions;
import io.github.bpipe.writer.target.postgres.PostgresServer.Database;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Recreates a PostgreSQL database: loaded into a staged database beside the live one, checked, and renamed into its
 * place.
 *
 * <p>In place, the empty staged database takes the live one's place before the first block, and the live one is dropped:
 * there is nothing to go back to. Until the load has passed its check a mark says that the database is half restored.
 */
public final class PostgresTarget implements Target {
    private static final Pattern MAJOR = Pattern.compile("^(?:PostgreSQL )?(\\d+)");

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TargetOptions options;
    private final Duration patience;
    private final PostgresStep.Listener steps;
    private final PostgresClients clients;
    private final UUID run = UUID.randomUUID();
    private final List<String> warnings = new ArrayList<>();
    private Header header;
    private PostgresNames names;
    private RestrictedPsql psql;
    private PostgresStaging staging;
    private PostgresSetup setup;
    private PostgresSpace space;
    private long inPlaceSince;
    private volatile PostgresServer server;
    private volatile Database staged;
    private volatile PostgresLoader loader;
    private volatile boolean closed;

    public PostgresTarget(TargetOptions options) {
        this(options, PATIENCE, step -> {});
    }

    /** @param patience for how long dumps that are under way are waited for */
    PostgresTarget(TargetOptions options, Duration patience, PostgresStep.Listener steps) {
        this.steps = steps;
        this.patience = patience;
        this.options = options;
        this.clients = new PostgresClients(options.connection());
    }

    @Override
    public void prepare(Header header) throws IOException {
        requireEngine(header);
        this.header = header;
        names = PostgresNames.of(options.into() != null ? options.into() : header.database());
        psql = new RestrictedPsql(clients);
        server = new PostgresServer(clients);
        requireVersion();
        server.lock(names.live());
        options.requireReplaceable(names.live(), server.database(names.live()).isPresent());
        PostgresPreflight preflight = new PostgresPreflight(server, names);
        preflight.check(
                options.keepFormer() && !options.inPlace() && !options.extent().isTables());
        PostgresLeftovers.remove(server, names)
                .forEach(name -> warnings.add("removed what an earlier run had left: " + name));
        if (options.extent().isTables()) {
            preflight.requireWhole();
            tables().removeLeftovers();
        }
        PostgresProperties properties = properties(header);
        space = new PostgresSpace(server);
        space.require(header, properties.tablespace(), names.live(), options.inPlace());
        if (options.createAccounts()) {
            new PostgresAccounts(server, psql, warnings).create(header.accounts());
        }
        staging = new PostgresStaging(server, psql, properties, options.create(), warnings);
        staged = staging.create(names.staged(), marker(Role.STAGED), preflight);
        setup = new PostgresSetup(server.session());
    }

    @Override
    public void load(StoredBlock block) throws IOException {
        if (options.inPlace() && loader == null) {
            BlockDecompressor.check(block);
        }
        try {
            begin();
            loader.load(block);
        } catch (Failure e) {
            throw space.explained(e);
        }
    }

    @Override
    public void check(List<ObjectEntry> objects) throws IOException {
        try {
            checkAll(objects);
        } catch (Failure e) {
            throw space.explained(e);
        }
    }

    private void checkAll(List<ObjectEntry> objects) throws IOException {
        begin();
        loader.complete();
        setup.leftOut().forEach(name -> warnings.add("the server does not know the dump's session setting " + name));
        // rows are counted while statistics are made, which change none
        PostgresCheck.check(clients, loadedName(), objects);
        loader.finish();
    }

    @Override
    public String staged() {
        return loadedName();
    }

    @Override
    public SwitchReport switchOver() throws IOException {
        try {
            return switchStaged();
        } catch (Failure e) {
            throw space.explained(e);
        }
    }

    private SwitchReport switchStaged() throws IOException {
        if (options.extent().isTables()) {
            server.keepReadersOut(names.live(), patience, warnings);
            return tables().run(names.staged(), psql);
        }
        staging.finish(loadedName());
        if (!options.inPlace()) {
            server.keepReadersOut(names.live(), patience, warnings);
            PostgresMarker outgoing = marker(options.keepFormer() ? Role.FORMER : Role.DOOMED);
            return exchange().run(staged, outgoing, staging.unmark(names.live()));
        }
        server.session().execute("BEGIN; " + String.join("; ", staging.unmark(names.live())) + "; COMMIT");
        Duration unusable = Duration.ofNanos(System.nanoTime() - inPlaceSince);
        return new SwitchReport(names.live(), null, unusable, List.copyOf(warnings));
    }

    /**
     * The staged database is dropped where its mark still says that it is one: not when it was switched, and not when it
     * is live and half restored. What cannot be dropped now is a leftover that the next run removes.
     */
    @Override
    public synchronized void close() {
        closed = true;
        if (loader != null) {
            loader.close();
        }
        if (staged != null) {
            // a session of its own, since the other one may be in use by another thread, or gone
            try (PostgresServer fresh = new PostgresServer(clients)) {
                if (fresh.database(staged.oid()).filter(this::isOurs).isPresent()) {
                    fresh.drop(staged);
                }
                staged = null;
            } catch (IOException e) {
                staged = null;
            }
        }
        if (server != null) {
            server.close();
        }
    }

    private boolean isOurs(Database database) {
        return database.marker()
                .filter(marker -> marker.role() == Role.STAGED && Objects.equals(marker.run(), run))
                .isPresent();
    }

    /** Starts to load with the first block, since that is the first proof that there is something to load. */
    private void begin() throws IOException {
        if (loader != null) {
            return;
        }
        if (options.inPlace()) {
            server.keepReadersOut(names.live(), patience, warnings);
            inPlaceSince = System.nanoTime();
            String half = marker(Role.HALF_RESTORED).text();
            exchange().run(staged, marker(Role.DOOMED), List.of(PostgresStaging.comment(names.live(), half)));
        }
        loader = new PostgresLoader(clients, psql, loadedName(), setup, options.jobs());
        if (closed) {
            loader.close();
        }
    }

    private PostgresTables tables() {
        return new PostgresTables(clients, names.live(), options, marker(Role.STAGED), patience, steps, warnings);
    }

    private PostgresSwitch exchange() {
        return new PostgresSwitch(clients, server, names, steps, warnings);
    }

    /** Where the staged database stands while it is loaded and checked. */
    private String loadedName() {
        return options.inPlace() ? names.live() : names.staged();
    }

    private PostgresMarker marker(Role role) {
        return new PostgresMarker(role, names.live(), run, Instant.now(), header.id(), header.job(), null);
    }

    private static void requireEngine(Header header) throws Failure {
        if (!header.engine().equals(Engine.POSTGRESQL.id())) {
            throw new Failure(
                    ExitCode.WRONG_ENGINE,
                    "the stream holds a database of " + header.engine() + ", not of " + Engine.POSTGRESQL.id(),
                    "restore it with --engine " + header.engine());
        }
    }

    private static PostgresProperties properties(Header header) throws IOException {
        PostgresProperties properties =
                header.properties() == null ? null : Json.fromTree(header.properties(), PostgresProperties.class);
        if (properties == null || properties.encoding() == null || properties.localeProvider() == null) {
            throw new Failure(
                    ExitCode.UNSUITABLE,
                    "the stream's header does not say what encoding and locale the database has",
                    "create a database, and load it by hand: bpipe-writer cat | psql DATABASE");
        }
        return properties;
    }

    /** An older server may refuse something of a newer one's dump: harmless when staged, a loss in place. */
    private void requireVersion() throws Failure {
        Matcher dumped = MAJOR.matcher(String.valueOf(header.serverVersion()));
        if (!dumped.find() || Integer.parseInt(dumped.group(1)) <= server.major()) {
            return;
        }
        String what = "the dump comes from PostgreSQL " + dumped.group(1) + ", and the server is PostgreSQL "
                + server.major();
        if (options.inPlace()) {
            throw new Failure(
                    ExitCode.UNSUITABLE, what, "restore in staged mode, which loses nothing if the server refuses it");
        }
        warnings.add(what + ", which may not know everything in it");
    }
}
