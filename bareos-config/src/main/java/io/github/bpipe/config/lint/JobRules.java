package io.github.bpipe.config.lint;

import io.github.bpipe.config.lint.FileSets.BpipeLine;
import io.github.bpipe.config.model.Directive;
import io.github.bpipe.config.model.Resource;
import io.github.bpipe.config.parse.ConfigTree;
import io.github.bpipe.config.plugin.PluginString;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Rules about a Job together with its FileSet. */
final class JobRules {
    private static final Pattern RESERVED_WHERE = Pattern.compile("/bpipe/(drill|(into|only)/.+)");

    private final ConfigTree tree;
    private final Findings findings;

    private JobRules(ConfigTree tree, Findings findings) {
        this.tree = tree;
        this.findings = findings;
    }

    static void check(ConfigTree tree, Findings findings) {
        JobRules rules = new JobRules(tree, findings);
        tree.all("Job").forEach(job -> {
            if (rules.isOfType(job, "restore")) {
                rules.whereIgnored(job);
                rules.whereReserved(job);
            } else {
                rules.accurateWithSuffix(job);
            }
        });
    }

    private void accurateWithSuffix(Resource job) {
        if (!Directive.isYes(tree.inherited(job, "Accurate").orElse("no"))) {
            return;
        }
        fileSet(job).ifPresent(fileSet -> FileSets.bpipeLines(fileSet).stream()
                .filter(line -> Directive.isYes(line.plugin().get(PluginString.USE_SUFFIX)))
                .forEach(line -> findings.add(Rule.ACCURATE_SUFFIX, line.directive(), "in Job " + job.name())));
    }

    /** The FileSet of a restore Job is a formality: what is restored comes from the backups of its client. */
    private void whereIgnored(Resource job) {
        Optional<String> where = tree.inherited(job, "Where");
        if (where.isEmpty() || where.get().isEmpty() || where.get().equals("/")) {
            return;
        }
        Set<Resource> restored = new LinkedHashSet<>();
        fileSet(job).ifPresent(restored::add);
        Optional<String> client = tree.inherited(job, "Client");
        tree.all("Job")
                .filter(other -> client.isPresent() && client.equals(tree.inherited(other, "Client")))
                .forEach(other -> fileSet(other).ifPresent(restored::add));
        Directive at = whereOf(job, where.get());
        for (Resource fileSet : restored) {
            for (BpipeLine line : FileSets.bpipeLines(fileSet)) {
                String writer = line.plugin().get(PluginString.WRITER);
                if (!writer.contains("%w")) {
                    findings.add(
                            Rule.WHERE_IGNORED, at, line.directive().at() + " has the writer " + Secrets.hide(writer));
                }
            }
        }
    }

    private void whereReserved(Resource job) {
        tree.inherited(job, "Where")
                .filter(where -> (where + "/").startsWith("/bpipe/")
                        && !RESERVED_WHERE.matcher(where).matches())
                .ifPresent(where -> findings.add(Rule.WHERE_RESERVED, whereOf(job, where), where));
    }

    /** Where it stands, or the Job that inherits it. */
    private static Directive whereOf(Resource job, String where) {
        return job.directive("Where").orElse(new Directive("Where", where, false, job.at()));
    }

    private Optional<Resource> fileSet(Resource job) {
        return tree.inherited(job, "FileSet").flatMap(name -> tree.find("FileSet", name));
    }

    private boolean isOfType(Resource job, String type) {
        return tree.inherited(job, "Type").orElse("").equalsIgnoreCase(type);
    }
}
