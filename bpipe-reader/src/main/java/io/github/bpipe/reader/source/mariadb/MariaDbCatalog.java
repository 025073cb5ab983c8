package io.github.bpipe.reader.source.mariadb;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.engine.MariaDbProperties;
import io.github.bpipe.core.engine.MariaDbVersion;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What the server says about one database, and whether that can be dumped consistently. */
final class MariaDbCatalog {
    private static final Set<String> SYSTEM =
            Set.of("mysql", "information_schema", "performance_schema", "sys", "ndbinfo");

    /** What mariadb-dump escapes in the name of the database as in a string, and then does not find it. */
    private static final Pattern UNSPEAKABLE = Pattern.compile("['\"\\\\\\p{Cntrl}]");

    private final MariaDbClients clients;
    private final SqlSession session;
    private final String database;
    private final MariaDbProperties properties;
    private final List<MariaDbTable> tables;
    private final long maxAllowedPacket;

    private MariaDbCatalog(
            MariaDbClients clients,
            SqlSession session,
            String database,
            MariaDbProperties properties,
            List<MariaDbTable> tables,
            long maxAllowedPacket) {
        this.clients = clients;
        this.session = session;
        this.database = database;
        this.properties = properties;
        this.tables = tables;
        this.maxAllowedPacket = maxAllowedPacket;
    }

    /** Reads about the database, which becomes the current one of the session. */
    static MariaDbCatalog read(MariaDbClients clients, SqlSession session, MariaDbVersion server, String database)
            throws IOException {
        if (SYSTEM.contains(database.toLowerCase(Locale.ROOT))) {
            throw new Failure(
                    ExitCode.UNSUITABLE,
                    database + " is a database of the server's own, which a dump cannot restore",
                    "name a database of an application; accounts and grants are recorded with it");
        }
        if (UNSPEAKABLE.matcher(database).find()) {
            throw new Failure(
                    ExitCode.UNSUITABLE,
                    "the dump program cannot open a database with a quote, backslash or control character in its name: "
                            + database.replaceAll("\\p{Cntrl}", "?"),
                    "move its tables into a database with another name: CREATE DATABASE, RENAME TABLE");
        }
        session.execute("USE " + MariaDbClients.identifier(database));
        boolean comments = server.family() == Engine.MARIADB && server.atLeast(10, 5);
        List<String> row = session.query("SELECT default_character_set_name, default_collation_name, "
                        + (comments ? "schema_comment" : "''")
                        + ", @@global.sql_mode, @@lower_case_table_names, @@global.max_allowed_packet FROM information_schema.schemata"
                        + " WHERE schema_name = DATABASE()")
                .get(0);
        MariaDbProperties properties =
                new MariaDbProperties(row.get(0), row.get(1), row.get(2), row.get(3), Integer.parseInt(row.get(4)));
        List<MariaDbTable> tables = new ArrayList<>();
        for (List<String> table : session.query("SELECT table_name, table_type, IFNULL(engine, ''),"
                + " IF(engine IS NULL, table_comment, ''), IFNULL(data_length, 0), IFNULL(index_length, 0) FROM information_schema.tables"
                + " WHERE table_schema = DATABASE() ORDER BY BINARY table_name")) {
            tables.add(new MariaDbTable(
                    table.get(0),
                    table.get(1),
                    table.get(2),
                    table.get(3),
                    Long.parseLong(table.get(4)),
                    Long.parseLong(table.get(5))));
        }
        return new MariaDbCatalog(clients, session, database, properties, tables, Long.parseLong(row.get(5)));
    }

    MariaDbProperties properties() {
        return properties;
    }

    /** Bytes of the longest statement that the server takes. */
    long maxAllowedPacket() {
        return maxAllowedPacket;
    }

    /** In which order the tables are best dumped. */
    MariaDbTableOrder order(long largeBytes) {
        return MariaDbTableOrder.of(tables, largeBytes);
    }

    /** How so many sessions share the rows; nothing where one does as well. */
    List<MariaDbShare> shares(MariaDbSharing sharing) throws IOException {
        return sharing.jobs() == 1 ? List.of() : MariaDbShares.of(session, tables, sharing);
    }

    /** True when tables keep the history of their rows. */
    boolean hasHistory() {
        return tables.stream().anyMatch(table -> table.type().equals("SYSTEM VERSIONED"));
    }

    long estimatedBytes() {
        return tables.stream().mapToLong(MariaDbTable::bytes).sum();
    }

    /** On the server's disk, indexes included. */
    long sizeBytes() {
        return tables.stream()
                .mapToLong(table -> table.bytes() + table.indexBytes())
                .sum();
    }

    /**
     * Refuses tables whose rows are not part of a transaction.
     *
     * @param accepted names of those that may be dumped all the same
     */
    void requireTransactional(Set<String> accepted) throws IOException {
        Set<String> transactional =
                Set.copyOf(session.column("SELECT engine FROM information_schema.engines WHERE transactions = 'YES'"));
        List<String> others = new ArrayList<>();
        for (MariaDbTable table : tables) {
            if (!table.holdsRows()) {
                continue;
            }
            if (table.engine().isEmpty()) {
                throw new Failure(
                        ExitCode.UNSUITABLE,
                        "the server cannot open table " + table.name() + ": " + table.comment(),
                        "repair or drop the table");
            }
            if (!transactional.contains(table.engine()) && !accepted.contains(table.name())) {
                others.add(table.name() + " (" + table.engine() + ")");
            }
        }
        if (!others.isEmpty()) {
            throw new Failure(
                    ExitCode.UNSUITABLE,
                    "tables without transactions cannot be dumped consistently: " + String.join(", ", others),
                    "ALTER TABLE ... ENGINE=InnoDB, or accept them with --allow-inconsistent TABLE");
        }
    }

    /** Refuses views that the server cannot resolve; the dump would end at the first. */
    void requireValidViews() throws IOException {
        List<String> invalid = new ArrayList<>();
        SqlSession asking = null;
        try {
            for (MariaDbTable view :
                    tables.stream().filter(MariaDbTable::isView).toList()) {
                if (asking == null) {
                    asking = clients.session(database);
                }
                try {
                    asking.execute("SHOW FIELDS FROM " + MariaDbClients.identifier(view.name()));
                } catch (Failure e) {
                    // an error ends the session of the client
                    asking.close();
                    asking = null;
                    invalid.add(view.name() + " (" + e.getMessage() + ")");
                }
            }
        } finally {
            if (asking != null) {
                asking.close();
            }
        }
        if (!invalid.isEmpty()) {
            throw new Failure(
                    ExitCode.UNSUITABLE,
                    "invalid views cannot be dumped: " + String.join(", ", invalid),
                    "correct or drop them: CREATE OR REPLACE VIEW, DROP VIEW");
        }
    }
}
