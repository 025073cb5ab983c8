package io.github.bpipe.config.lint;

import io.github.bpipe.config.model.Item;
import io.github.bpipe.config.model.Position;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects findings; the same one twice counts once. */
final class Findings {
    private final Set<Finding> all = new LinkedHashSet<>();

    void add(Rule rule, Item at, String detail) {
        add(rule, at.at(), detail);
    }

    void add(Rule rule, Position at, String detail) {
        all.add(new Finding(rule, at, detail));
    }

    /** By file and line. */
    List<Finding> sorted() {
        return all.stream()
                .sorted(Comparator.comparing((Finding finding) -> finding.at().file())
                        .thenComparing(finding -> finding.at().line()))
                .toList();
    }
}
