package io.github.bpipe.core.php;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** A value as far as it is known without running PHP. */
public sealed interface PhpValue {
    /** A string; its bytes are taken for UTF-8. */
    record Text(String text) implements PhpValue {}

    /** A number, as its decimal digits. */
    record Numeral(String digits) implements PhpValue {}

    /** {@code true} or {@code false}. */
    record Flag(boolean value) implements PhpValue {}

    /** {@code null}. */
    record Null() implements PhpValue {}

    /** An array in its order; the keys of a list are 0, 1, 2... */
    record Table(Map<String, PhpValue> entries) implements PhpValue {
        public Table {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }
    }

    /**
     * Something that only running PHP could tell.
     *
     * @param what it is, for messages: {@code getenv}, {@code $variable}
     */
    record Unknown(String what) implements PhpValue {}
}
