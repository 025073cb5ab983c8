package io.github.bpipe.config.parse;

import io.github.bpipe.config.model.Position;

/** Something that kept the parser from reading a file as the daemon would; it went on behind it. */
public record Problem(Kind kind, Position at, String message) {
    /** What sort of problem. */
    public enum Kind {
        SYNTAX,
        INCLUDE_MISSING,
        INCLUDE_CYCLE,
        INCLUDE_COMMAND,
        NO_CONFIGURATION
    }
}
