package io.github.bpipe.config.lint;

import io.github.bpipe.config.model.Directive;
import io.github.bpipe.config.model.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Rules about the scripts of one Job or JobDefs. */
final class ScriptRules {
    /** A command that closes something, and the one that opens it again. */
    private record Pair(Pattern close, Pattern open) {}

    /** Bareos {@code ua_cmds.cc}: not {@code allowed_in_runscript}. */
    private static final Pattern REFUSED = Pattern.compile("^\\s*(run|restore)\\b");

    private static final List<Pair> PAIRS = List.of(
            pair(
                    "maintenance(:mode)?\\b.*(--?on|enable|\\bon\\b)",
                    "maintenance(:mode)?\\b.*(--?off|disable|\\boff\\b)"),
            pair("(systemctl|rc-service|service|/etc/init\\.d/)\\b.*\\bstop\\b", "\\b(re)?start\\b"));

    /** When a command runs, seen from the job. */
    private record Moment(boolean before, boolean after, boolean onSuccess, boolean onFailure) {
        static final Moment BEFORE = new Moment(true, false, true, false);
        static final Moment AFTER_SUCCESS = new Moment(false, true, true, false);
        static final Moment AFTER_FAILURE = new Moment(false, true, false, true);
    }

    private record Script(Directive command, Moment moment) {
        boolean finds(Pattern pattern) {
            return pattern.matcher(command.value()).find();
        }
    }

    private ScriptRules() {}

    /**
     * Checks the scripts of a Job or JobDefs.
     *
     * @param lineage itself first, then what it inherits from: what is closed here may be opened there
     */
    static void check(List<Resource> lineage, Findings findings) {
        Resource job = lineage.get(0);
        job.blocks("RunScript")
                .filter(block -> block.directive("Runs When").isEmpty())
                .forEach(block -> findings.add(Rule.RUNS_WHEN, block, ""));
        job.blocks("RunScript")
                .flatMap(block -> block.directives("Console"))
                .filter(console -> REFUSED.matcher(console.value()).find())
                .forEach(console -> findings.add(Rule.CONSOLE_COMMAND, console, ""));
        List<Script> scripts = scripts(job);
        scripts.forEach(script -> CommandRules.check(script.command().value(), script.command(), findings));
        List<Script> all =
                lineage.stream().flatMap(resource -> scripts(resource).stream()).toList();
        PAIRS.forEach(pair -> leftClosed(pair, scripts, all, findings));
    }

    private static List<Script> scripts(Resource job) {
        List<Script> scripts = new ArrayList<>();
        job.blocks("RunScript").forEach(block -> add(block, "Command", moment(block), scripts));
        add(job, "Run Before Job", Moment.BEFORE, scripts);
        add(job, "Client Run Before Job", Moment.BEFORE, scripts);
        add(job, "Run After Job", Moment.AFTER_SUCCESS, scripts);
        add(job, "Client Run After Job", Moment.AFTER_SUCCESS, scripts);
        add(job, "Run After Failed Job", Moment.AFTER_FAILURE, scripts);
        return scripts;
    }

    private static void leftClosed(Pair pair, List<Script> scripts, List<Script> all, Findings findings) {
        List<Moment> opened = all.stream()
                .filter(script -> script.moment().after() && script.finds(pair.open()))
                .map(Script::moment)
                .toList();
        if (opened.stream().anyMatch(Moment::onSuccess) && opened.stream().anyMatch(Moment::onFailure)) {
            return;
        }
        scripts.stream()
                .filter(script -> script.moment().before() && script.finds(pair.close()) && !script.finds(pair.open()))
                .forEach(script -> findings.add(
                        Rule.LEFT_CLOSED,
                        script.command(),
                        Secrets.hide(script.command().value())));
    }

    private static Moment moment(Resource block) {
        String when = block.value("Runs When").orElse("").toLowerCase(Locale.ROOT);
        boolean always = when.equals("always");
        return new Moment(
                always || when.equals("before"),
                always || when.equals("after"),
                // what the daemon does where nothing is said
                Directive.isYes(block.value("Runs On Success").orElse("yes")),
                Directive.isYes(block.value("Runs On Failure").orElse("no")));
    }

    private static void add(Resource block, String directive, Moment moment, List<Script> scripts) {
        block.directives(directive).forEach(command -> scripts.add(new Script(command, moment)));
    }

    private static Pair pair(String close, String open) {
        return new Pair(Pattern.compile(close), Pattern.compile(open));
    }
}
