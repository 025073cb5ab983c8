package io.github.bpipe.writer.pick;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which tables were asked for, by their plain names. Where tables stand in schemas, {@code schema.table} names one, and
 * the bare name too unless two schemas have it.
 */
public final class TableChoice {
    private final List<String> asked;
    private final Map<String, String> found = new HashMap<>();

    public TableChoice(List<String> asked) {
        this.asked = List.copyOf(asked);
    }

    /** The name by which a table was asked for, or null where it was not. */
    public String asked(String table) {
        return asked.contains(table) ? table : null;
    }

    /** As {@link #asked(String)}, for a table in a schema. */
    public String asked(String schema, String table) {
        String qualified = schema + "." + table;
        return asked.contains(qualified) ? qualified : asked(table);
    }

    /**
     * The stream holds a table that was asked for.
     *
     * @param name by which it was asked for
     * @param table its own name, with its schema where it has one
     * @throws Failure where another table has the same name in another schema
     */
    public void find(String name, String table) throws Failure {
        String other = found.putIfAbsent(name, table);
        if (other != null && !other.equals(table)) {
            throw new Failure(
                    ExitCode.USAGE,
                    "the stream holds " + other + " and " + table,
                    "give the table's name with its schema");
        }
    }

    /** True when the stream was seen to hold the table that was asked for by that name. */
    public boolean found(String name) {
        return found.containsKey(name);
    }
}
