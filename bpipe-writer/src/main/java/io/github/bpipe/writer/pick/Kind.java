package io.github.bpipe.writer.pick;

/** What a value is, as far as a format has to tell it apart. */
public enum Kind {
    TEXT,
    /** Digits as the server writes them; {@code NaN} and {@code Infinity} too. */
    NUMBER,
    /** {@code t} or {@code f}. */
    BOOLEAN,
    BYTES
}
