package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.MariaDbProperties;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.process.Child;
import io.github.bpipe.core.sql.MySqlViewOrder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The definitions that cannot cross schemas, as scripts of the native dump program: each one drops what it creates first,
 * so that it can be run again.
 */
final class MariaDbDefinitions {
    /** What a {@link MariaDbJournal} holds: the kinds of definitions, in the order in which they are created, and more. */
    enum Part {
        /** Charset, collation and comment of the database itself. */
        DATABASE,
        TRIGGERS,
        ROUTINES,
        VIEWS,
        EVENTS,
        /** See {@link MariaDbGrants}. */
        GRANTS,
        /** Names of the accounts that the run creates. */
        ACCOUNTS;

        /** Those that are scripts of definitions. */
        static Set<Part> definitions() {
            return EnumSet.range(DATABASE, EVENTS);
        }

        String id() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private final MariaDbServer server;
    private final MariaDbCatalog catalog;
    private final MariaDbEvents events;
    private final Predicate<String> triggered;

    /** @param events which ones are to be enabled although they stand disabled */
    MariaDbDefinitions(MariaDbServer server, MariaDbEvents events) {
        this(server, events, table -> true);
    }

    /** @param triggered the tables whose triggers count */
    MariaDbDefinitions(MariaDbServer server, MariaDbEvents events, Predicate<String> triggered) {
        this.triggered = triggered;
        this.server = server;
        this.catalog = new MariaDbCatalog(server.keeper());
        this.events = events;
    }

    /** One part of what a schema holds, as a script for the schema {@code target}; empty where there is nothing. */
    byte[] script(Part part, String schema, String target) throws IOException {
        List<String> arguments = arguments(part, schema);
        if (part == Part.DATABASE) {
            return database(schema, target);
        }
        return arguments.isEmpty() ? new byte[0] : dump(arguments, part, schema, target, true);
    }

    /**
     * One part of what a schema holds, for itself, as far as the server can read it: what it cannot may hold up no
     * restore.
     *
     * @param warnings gets a sentence where something is left out
     */
    byte[] readable(Part part, String schema, List<String> warnings) throws IOException {
        try {
            return script(part, schema, schema);
        } catch (Failure e) {
            if (e.exitCode() != ExitCode.SWITCH_FAILED) {
                throw e;
            }
            warnings.add(e.getMessage() + "; what cannot be read is not kept for a rollback");
            List<String> arguments = new ArrayList<>(List.of("--force"));
            arguments.addAll(arguments(part, schema));
            return dump(arguments, part, schema, schema, false);
        }
    }

    private List<String> arguments(Part part, String schema) throws IOException {
        List<String> all = catalog.moving(schema);
        // naming one table keeps the program from looking at all of them
        List<String> any = all.isEmpty() ? List.of() : all.subList(0, 1);
        return switch (part) {
            case DATABASE, GRANTS, ACCOUNTS -> List.of();
            case TRIGGERS -> {
                List<String> tables = catalog.triggersByTable(schema).keySet().stream()
                        .filter(triggered)
                        .toList();
                yield tables.isEmpty() ? List.of() : arguments(schema, tables, "--no-create-info", "--triggers");
            }
            case ROUTINES ->
                catalog.routines(schema).isEmpty()
                        ? List.of()
                        : arguments(schema, any, "--no-create-info", "--skip-triggers", "--routines");
            case EVENTS ->
                catalog.events(schema).isEmpty()
                        ? List.of()
                        : arguments(schema, any, "--no-create-info", "--skip-triggers", "--events");
            case VIEWS -> {
                List<String> views = MySqlViewOrder.of(catalog.viewDefinitions(schema));
                yield views.isEmpty() ? List.of() : arguments(schema, views, "--skip-triggers");
            }
        };
    }

    private List<String> arguments(String schema, List<String> tables, String... what) throws IOException {
        List<String> all = new ArrayList<>(List.of(
                "--no-data",
                "--skip-comments",
                "--skip-lock-tables",
                "--skip-add-locks",
                "--no-tablespaces",
                "--default-character-set=utf8mb4"));
        if (server.engine() == Engine.MYSQL) {
            all.addAll(List.of("--column-statistics=0", "--set-gtid-purged=OFF"));
        }
        all.addAll(List.of(what));
        all.add("--");
        all.add(schema);
        all.addAll(tables);
        return all;
    }

    private byte[] dump(List<String> arguments, Part part, String schema, String target, boolean whole)
            throws IOException {
        ByteArrayOutputStream script = new ByteArrayOutputStream();
        MariaDbRewrite rewrite = new MariaDbRewrite(
                schema, target, events, purpose(), (bytes, length) -> script.write(bytes, 0, length));
        try (Child child = Child.start(server.clients().dump(arguments))) {
            child.stdin().close();
            InputStream printed = child.stdout();
            byte[] buffer = new byte[1 << 16];
            for (int n = printed.read(buffer); n >= 0; n = printed.read(buffer)) {
                rewrite.feed(buffer, n);
            }
            int status = child.await();
            if (status != 0 && whole) {
                throw new Failure(
                        ExitCode.SWITCH_FAILED,
                        "the " + part.id() + " of " + schema + " cannot be read: "
                                + child.stderr().lines().findFirst().orElse("exit status " + status),
                        "drop or repair what is named there, then restore again");
            }
        }
        rewrite.finish();
        return script.toByteArray();
    }

    private MariaDbRewrite.Purpose purpose() {
        return server.engine() == Engine.MARIADB ? MariaDbRewrite.Purpose.KEEP : MariaDbRewrite.Purpose.KEEP_PLAIN;
    }

    private byte[] database(String schema, String target) throws IOException {
        String comment = server.engine() == Engine.MARIADB ? "SCHEMA_COMMENT" : "''";
        List<List<String>> rows = server.keeper()
                .query("SELECT DEFAULT_CHARACTER_SET_NAME, DEFAULT_COLLATION_NAME, " + comment
                        + " FROM information_schema.SCHEMATA WHERE " + MariaDbCatalog.is("SCHEMA_NAME", schema));
        if (rows.isEmpty()) {
            return new byte[0];
        }
        List<String> row = rows.get(0);
        return MariaDbDatabase.alter(
                        server.engine(), target, new MariaDbProperties(row.get(0), row.get(1), row.get(2), "", 0))
                .getBytes(StandardCharsets.UTF_8);
    }
}
