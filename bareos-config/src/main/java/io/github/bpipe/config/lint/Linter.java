package io.github.bpipe.config.lint;

import io.github.bpipe.config.model.Resource;
import io.github.bpipe.config.parse.ConfigTree;
import io.github.bpipe.config.parse.Problem;
import java.util.List;

/** Applies every rule. */
public final class Linter {
    private Linter() {}

    /** What is wrong in the configuration, by file and line. */
    public static List<Finding> lint(ConfigTree tree) {
        Findings findings = new Findings();
        tree.problems().forEach(problem -> findings.add(rule(problem), problem.at(), problem.message()));
        tree.all("FileSet").forEach(fileSet -> FileSetRules.check(fileSet, findings));
        for (Resource resource : tree.resources()) {
            if (resource.is("Job") || resource.is("JobDefs")) {
                ScriptRules.check(tree.lineage(resource), findings);
            }
        }
        JobRules.check(tree, findings);
        return findings.sorted();
    }

    private static Rule rule(Problem problem) {
        return switch (problem.kind()) {
            case SYNTAX -> Rule.SYNTAX;
            case INCLUDE_MISSING -> Rule.INCLUDE_MISSING;
            case INCLUDE_CYCLE -> Rule.INCLUDE_CYCLE;
            case INCLUDE_COMMAND -> Rule.INCLUDE_COMMAND;
            case NO_CONFIGURATION -> Rule.NO_CONFIGURATION;
        };
    }
}
