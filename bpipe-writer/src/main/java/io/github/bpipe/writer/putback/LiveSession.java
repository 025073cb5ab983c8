package io.github.bpipe.writer.putback;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.Engine;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** One transaction in the live database; closed without {@link #commit}, it leaves nothing. */
abstract class LiveSession implements Closeable {
    /** Begins a transaction. */
    static LiveSession open(Engine engine, Connection connection, String database) throws IOException {
        return engine == Engine.SQLITE ? new SqliteSession(database) : new ServerSession(engine, connection, database);
    }

    abstract void execute(String sql) throws IOException;

    /** The rows that a statement answers; a NULL is null, or where the engine's client has no other word for it, NULL. */
    abstract List<List<String>> query(String sql) throws IOException;

    abstract void commit() throws IOException;

    abstract String literal(String text);

    abstract String identifier(String name);

    /** Names of the columns of a table; none where there is no such table. */
    abstract Set<String> columns(String table) throws IOException;

    /** What makes a SELECT keep others from the rows until the end, or nothing where nobody else can write anyway. */
    abstract String forUpdate();
}
