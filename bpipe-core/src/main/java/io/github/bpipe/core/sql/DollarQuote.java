package io.github.bpipe.core.sql;

import java.io.ByteArrayOutputStream;

/** The tag of a dollar-quoted string, {@code $tag$}, while it is read and while its second appearance is awaited. */
final class DollarQuote {
    private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
    private byte[] tag = {};
    private int matched;

    /** Begins a tag with its first dollar sign. */
    void begin() {
        begun.reset();
        begun.write('$');
    }

    /** Takes a byte where it may stand in the tag; false where this is no tag after all. */
    boolean accepts(byte b) {
        boolean fits = PostgresLexer.startsWord(b) || (PostgresLexer.isDigit(b) && begun.size() > 1);
        if (fits) {
            begun.write(b);
        }
        return fits;
    }

    /** The tag is whole, and the string begins. */
    void open() {
        begun.write('$');
        tag = begun.toByteArray();
        matched = 0;
    }

    /** Takes a byte of the string; true where it is the last of the tag that ends it. */
    boolean ends(byte b) {
        if (b == tag[matched]) {
            matched++;
        } else {
            matched = b == '$' ? 1 : 0;
        }
        return matched == tag.length;
    }

    /** True while bytes other than a dollar sign mean nothing. */
    boolean awaitsDollar() {
        return matched == 0;
    }
}
