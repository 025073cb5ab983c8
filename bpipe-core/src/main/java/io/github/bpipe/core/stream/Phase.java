package io.github.bpipe.core.stream;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** What the statements of a block do, which decides when a block may be loaded. */
public enum Phase {
    /** Session settings; every session that loads runs these first. */
    @JsonProperty("setup")
    SETUP,
    /** Definitions that must stand before the data of the same object. */
    @JsonProperty("schema")
    SCHEMA,
    /** Rows; a block is complete in itself. */
    @JsonProperty("data")
    DATA,
    /** What comes after all data: indexes, constraints, views, routines, triggers, events. */
    @JsonProperty("finish")
    FINISH;

    /** As it stands in the stream. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
