package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.writer.target.Former;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * The table that makes a schema one of ours. It is made in the staged schema and moves to the former one together with
 * the tables that leave the live database, in the same {@code RENAME TABLE}: where it stands tells for certain whether
 * the switch has happened.
 *
 * @param state how far the run got
 * @param origin where the staged copy came from
 * @param live the database that it is for
 * @param stream id of the stream, or of the one that made the former database which is put back
 * @param job the Bareos job of that stream, or empty
 * @param at when this state was reached
 * @param extent what of the live database is replaced: all of it, or only tables that the staged schema holds too
 */
record MariaDbMarker(
        State state, Origin origin, String live, String stream, String job, Instant at, MariaDbExtent extent) {
    static final String TABLE = "__bpipe_marker";

    enum State {
        /** The staged copy is being loaded. */
        LOADING,
        /** A former database has been moved to the staged schema, to be put back. */
        RETURNING,
        /** The journal is complete; live triggers and views may already be missing, the tables may have moved. */
        SWITCHING,
        /** The switch and all that follows it are done. */
        COMPLETE
    }

    enum Origin {
        STREAM,
        FORMER
    }

    static MariaDbMarker loading(String live, Header header, MariaDbExtent extent) {
        String job = header.job() == null
                ? ""
                : header.job().id() + " of " + header.job().client();
        return new MariaDbMarker(
                State.LOADING, Origin.STREAM, live, header.id().toString(), job, Instant.now(), extent);
    }

    /** What took the place of the former database that this marks, in words. */
    String replacedBy() {
        String dump = "dump " + stream + (job.isEmpty() ? "" : " of job " + job);
        return origin == Origin.FORMER
                ? Former.ROLLBACK
                : extent == MariaDbExtent.TABLES ? "some tables of " + dump : dump;
    }

    /** The marker of a schema, or null where it has none. */
    static MariaDbMarker read(SqlSession session, String schema) throws IOException {
        if (!new MariaDbCatalog(session).hasTable(schema, TABLE)) {
            return null;
        }
        List<List<String>> rows =
                session.query("SELECT state, origin, live, stream, job, at, extent FROM " + table(schema));
        if (rows.isEmpty()) {
            return null;
        }
        List<String> row = rows.get(0);
        return new MariaDbMarker(
                State.valueOf(row.get(0).toUpperCase(Locale.ROOT)),
                Origin.valueOf(row.get(1).toUpperCase(Locale.ROOT)),
                row.get(2),
                row.get(3),
                row.get(4),
                Instant.parse(row.get(5)),
                MariaDbExtent.valueOf(row.get(6).toUpperCase(Locale.ROOT)));
    }

    /** Makes a schema ours. */
    void create(SqlSession session, String schema) throws IOException {
        session.execute("CREATE TABLE " + table(schema)
                + " (state VARCHAR(16) NOT NULL, origin VARCHAR(16) NOT NULL, live VARCHAR(64) NOT NULL,"
                + " stream VARCHAR(64) NOT NULL, job VARCHAR(255) NOT NULL, at VARCHAR(40) NOT NULL,"
                + " extent VARCHAR(16) NOT NULL)"
                + " ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin"
                + " COMMENT = 'made by bpipe-writer; do not remove'");
        session.execute("INSERT INTO " + table(schema) + " VALUES ('" + word(state) + "', '" + word(origin) + "', "
                + MariaDbClients.literal(live) + ", " + MariaDbClients.literal(stream) + ", "
                + MariaDbClients.literal(job) + ", '" + at + "', '" + word(extent) + "')");
    }

    /** The statement that moves the run in that schema on to another state. */
    static String advance(String schema, State state) {
        return "UPDATE " + table(schema) + " SET state = '" + word(state) + "', at = '" + Instant.now() + "'";
    }

    /** The statement that makes a former database one that is to be put back. */
    static String returning(String schema) {
        return "UPDATE " + table(schema) + " SET state = '" + word(State.RETURNING) + "', origin = '"
                + word(Origin.FORMER) + "'";
    }

    private static String table(String schema) {
        return MariaDbCatalog.qualified(schema, TABLE);
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
