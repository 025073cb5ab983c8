package io.github.bpipe.config.lint;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How bad a finding is. */
public enum Severity {
    /** Backup or restore fails, loses data or reveals a secret. */
    ERROR,
    /** Works on a good day. */
    WARNING,
    /** Something that could not be looked at. */
    NOTE;

    @JsonValue
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
