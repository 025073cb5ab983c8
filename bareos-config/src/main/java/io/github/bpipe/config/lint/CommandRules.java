package io.github.bpipe.config.lint;

import io.github.bpipe.config.model.Directive;
import io.github.bpipe.config.plugin.DaemonWords;
import io.github.bpipe.config.plugin.PluginString;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Rules about one command that a daemon runs. */
final class CommandRules {
    private static final Pattern SHELL = Pattern.compile("(.*/)?(ba|da|k|z)?sh");
    private static final String EXEC = "exec ";
    private static final Pattern OPERATOR = Pattern.compile("[|<>;&]|\\|\\||&&|>>|\\d*>+(&\\d|.*)|<<?.*|.+;|.+[^=]>.*");
    private static final Pattern EXPANSION = Pattern.compile(".*(\\$\\(|\\$\\{|\\$[A-Za-z_]|`).*");
    private static final Pattern ASSIGNMENT = Pattern.compile("[A-Za-z_]+=.*");
    private static final Pattern QUOTE_INSIDE = Pattern.compile("[^'\"\\s]+[\"'].*");
    private static final Pattern MYSQL_DUMP =
            Pattern.compile("\\b(mysqldump|mariadb-dump)\\b(?!.*--single-transaction)");
    private static final Pattern PIPELINE = Pattern.compile("[^|]\\|[^|]");

    private CommandRules() {}

    /** A reader or writer. */
    static void checkPlugin(PluginString plugin, String written, Directive at, Findings findings) {
        // only Bacula, whose plugin takes the values by their place, has a shell that would understand exec
        boolean inShell = !plugin.named() && written.startsWith(EXEC);
        String command = inShell ? written.substring(EXEC.length()) : written;
        List<String> words = DaemonWords.split(command);
        String program = words.get(0);
        boolean shell = inShell || SHELL.matcher(program).matches();
        if (words.size() > DaemonWords.MOST_WORDS) {
            findings.add(
                    Rule.PLUGIN_ARGUMENTS, at, words.size() + " words, " + DaemonWords.MOST_WORDS + " are passed on");
        }
        if (!shell) {
            shellSyntax(words).ifPresent(word -> findings.add(Rule.PLUGIN_SHELL, at, Secrets.hide(word)));
            quoteInside(command).ifPresent(word -> findings.add(Rule.PLUGIN_QUOTE, at, Secrets.hide(word)));
        }
        if (!program.startsWith("/") && !ASSIGNMENT.matcher(program).matches()) {
            findings.add(Rule.PLUGIN_PATH, at, program);
        }
        check(command, at, findings);
    }

    /** Any command that a daemon runs on this host or on a client. */
    static void check(String command, Directive at, Findings findings) {
        List<String> words = DaemonWords.split(command);
        if (words.isEmpty()) {
            return;
        }
        String program = words.get(0);
        if (SHELL.matcher(program).matches() && PIPELINE.matcher(command).find() && !command.contains("pipefail")) {
            findings.add(Rule.PIPELINE, at, "");
        }
        if (Secrets.in(command)) {
            findings.add(Rule.SECRET, at, Secrets.hide(command));
        }
        if (MYSQL_DUMP.matcher(command).find()) {
            findings.add(Rule.NO_TRANSACTION, at, "");
        }
        if (program.startsWith("/") && !Files.isExecutable(Path.of(program))) {
            findings.add(Rule.PROGRAM_MISSING, at, program);
        }
    }

    private static Optional<String> shellSyntax(List<String> words) {
        if (ASSIGNMENT.matcher(words.get(0)).matches()) {
            return Optional.of(words.get(0));
        }
        return words.stream()
                .filter(word -> OPERATOR.matcher(word).matches()
                        || EXPANSION.matcher(word).matches())
                .findFirst();
    }

    private static Optional<String> quoteInside(String command) {
        String outsideQuotes = command.replaceAll("(^|\\s)(\"[^\"]*\"|'[^']*')", " ");
        return List.of(outsideQuotes.strip().split("\\s+")).stream()
                .filter(word -> QUOTE_INSIDE.matcher(word).matches())
                .findFirst();
    }
}
