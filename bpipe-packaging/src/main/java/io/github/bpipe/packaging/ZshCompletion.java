package io.github.bpipe.packaging;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Completion of one program in zsh, with what {@code --help} says of each option; for bash picocli has its own. */
final class ZshCompletion {
    private final CommandSpec program;

    ZshCompletion(CommandSpec program) {
        this.program = program;
    }

    /** As the function is found in a folder of {@code $fpath}. */
    String fileName() {
        return "_" + program.name();
    }

    String text() {
        List<String> lines = new ArrayList<>(List.of(
                "#compdef " + program.name(), "", "local context state state_descr line", "typeset -A opt_args", ""));
        Map<String, CommandLine> subcommands = program.subcommands();
        if (subcommands.isEmpty()) {
            lines.addAll(arguments(program, ""));
            return String.join("\n", lines) + "\n";
        }
        lines.add("local -a commands=(");
        subcommands.forEach((name, subcommand) -> lines.add("    "
                + quoted(name + ":"
                        + escaped(ManPage.formatted(
                                subcommand.getCommandSpec().usageMessage().description())))));
        lines.add(")");
        List<String> own = arguments(program, "-C ");
        lines.addAll(own.subList(0, own.size() - 1));
        lines.add(own.get(own.size() - 1) + " \\");
        lines.add("    '1: :->command' '*:: :->arguments' && return");
        lines.add("case $state in");
        lines.add("    command) _describe command commands ;;");
        lines.add("    arguments)");
        lines.add("        case $words[1] in");
        subcommands.forEach((name, subcommand) -> {
            lines.add("            " + name + ")");
            arguments(subcommand.getCommandSpec(), "").forEach(line -> lines.add("                " + line));
            lines.add("                ;;");
        });
        lines.add("        esac");
        lines.add("        ;;");
        lines.add("esac");
        return String.join("\n", lines) + "\n";
    }

    /** One call of {@code _arguments}, line by line. */
    private static List<String> arguments(CommandSpec command, String flags) {
        List<String> specs = new ArrayList<>();
        for (OptionSpec option : command.options()) {
            if (!option.hidden()) {
                specs.addAll(specs(option));
            }
        }
        command.positionalParameters()
                .forEach(parameter ->
                        specs.add(quoted("*:" + escaped(parameter.paramLabel()) + ":" + values(parameter))));
        return (flags.isEmpty() ? "_arguments" : "_arguments " + flags.strip())
                .concat(" \\\n    ")
                .concat(String.join(" \\\n    ", specs))
                .lines()
                .toList();
    }

    private static List<String> specs(OptionSpec option) {
        String text = "[" + escaped(ManPage.formatted(option.description())) + "]";
        String others = option.names().length == 1 ? "" : "(" + String.join(" ", option.names()) + ")";
        List<String> specs = new ArrayList<>();
        for (String name : option.names()) {
            String value = option.arity().max() == 0 ? "" : ":" + escaped(option.paramLabel()) + ":" + values(option);
            String assigned = value.isEmpty() ? "" : name.startsWith("--") ? "=" : "+";
            specs.add(quoted(others + name + assigned + text + value));
        }
        return specs;
    }

    /** What may follow: the words that the definition lists, or files. */
    private static String values(ArgSpec argument) {
        if (argument.completionCandidates() != null) {
            return StreamSupport.stream(argument.completionCandidates().spliterator(), false)
                    .collect(Collectors.joining(" ", "(", ")"));
        }
        if (argument.paramLabel().matches("[a-z-]+(\\|[a-z-]+)+")) {
            return "(" + argument.paramLabel().replace('|', ' ') + ")";
        }
        return argument.type() == java.nio.file.Path.class
                        || argument.paramLabel().matches(".*(FILE|PATH|DIR).*")
                ? "_files"
                : "";
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\")
                .replace(":", "\\:")
                .replace("[", "\\[")
                .replace("]", "\\]");
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
