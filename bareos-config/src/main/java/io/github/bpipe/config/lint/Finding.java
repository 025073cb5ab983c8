package io.github.bpipe.config.lint;

import io.github.bpipe.config.model.Position;

/**
 * One place where a rule is broken.
 *
 * @param detail what was found there; never a secret
 */
public record Finding(Rule rule, Position at, String detail) {
    /** The rule's meaning with what was found. */
    public String message() {
        return rule.meaning() + (detail.isEmpty() ? "" : ": " + detail);
    }
}
