package io.github.bpipe.writer.pick;

import java.io.IOException;

/** One row of a table; valid only during the call that hands it over. */
public interface Row {
    /** What that value is. */
    Kind kind(int column);

    boolean isNull(int column);

    /** A value that is not NULL: text and numbers in UTF-8, bytes as they are. */
    byte[] value(int column) throws IOException;

    /** Any value as the engine's own SQL writes it, in UTF-8. */
    byte[] literal(int column) throws IOException;
}
