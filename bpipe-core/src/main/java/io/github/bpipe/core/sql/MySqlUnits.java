package io.github.bpipe.core.sql;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Cuts a script as {@link MySqlScript} does, and gives each unit as a whole, for definitions, which fit into memory. */
public final class MySqlUnits {
    /** Takes the units, one after the other. */
    public interface Handler {
        /**
         * A whole unit.
         *
         * @param text with the comments before it and its delimiter, as the script has it
         */
        void unit(MySqlStatement statement, byte[] text) throws IOException;
    }

    private final MySqlScript script;

    public MySqlUnits(Handler handler) {
        script = new MySqlScript(new Gatherer(handler));
    }

    /** Gives the units of a script that is all there; a statement that its end cuts off is left out. */
    public static void read(byte[] text, Handler handler) throws IOException {
        MySqlUnits units = new MySqlUnits(handler);
        units.feed(text, text.length);
        units.finish();
    }

    /** Takes the first {@code count} bytes, which are the next ones of the script. */
    public void feed(byte[] bytes, int count) throws IOException {
        script.feed(bytes, 0, count);
    }

    /** The script has ended; see {@link MySqlScript#finish}. */
    public void finish() throws IOException {
        script.finish();
    }

    /** As {@link MySqlScript#sqlMode}; of the unit, while it is handled. */
    public String sqlMode() {
        return script.sqlMode();
    }

    private static final class Gatherer implements MySqlScript.Listener {
        private final Handler handler;
        private final ByteArrayOutputStream text = new ByteArrayOutputStream();
        private MySqlStatement statement;

        Gatherer(Handler handler) {
            this.handler = handler;
        }

        @Override
        public void begin(MySqlStatement begun) {
            statement = begun;
            text.reset();
        }

        @Override
        public void part(byte[] bytes, int from, int count) {
            text.write(bytes, from, count);
        }

        @Override
        public void end(long groups) throws IOException {
            handler.unit(statement, text.toByteArray());
        }
    }
}
