package io.github.bpipe.packaging;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.job.RunFolder;
import io.github.bpipe.core.profile.ProfileLoader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The manual page of one command or subcommand, from the definition that its {@code --help} is printed from. */
final class ManPage {
    private static final int SECTION = 1;
    private static final String EXAMPLES = "Examples:";
    private static final List<String> PROGRAMS = List.of("bpipe-reader", "bpipe-writer", "bareos-config");

    private final CommandSpec command;
    private final String version;
    private final String date;

    /**
     * The page of a command.
     *
     * @param version of the toolkit
     * @param date of that version, as in {@code 2026-01-02}
     */
    ManPage(CommandSpec command, String version, String date) {
        this.command = command;
        this.version = version;
        this.date = date;
    }

    /** As for {@code man bpipe-writer-verify}. */
    String fileName() {
        return name(command) + "." + SECTION;
    }

    /** The page itself, in troff. */
    String text() {
        Troff page = new Troff().title(name(command), SECTION, date, "bpipe-toolkit " + version, "bpipe-toolkit");
        page.section("NAME").text(name(command) + " - " + summary(command));
        page.section("SYNOPSIS").line(synopsis());
        page.section("DESCRIPTION").text(description(command));
        options(page);
        parameters(page);
        commands(page);
        examples(page);
        exitStatus(page);
        surroundings(page);
        seeAlso(page);
        return page.toString();
    }

    /** The options and parameters as {@code --help} shows them, the name of the command in bold. */
    private String synopsis() {
        Help help = new Help(command, Help.defaultColorScheme(Help.Ansi.OFF));
        String plain = help.synopsis(0).replaceAll("\\s+", " ").strip();
        String name = command.qualifiedName();
        return Troff.bold(name) + Troff.escaped(plain.substring(name.length()));
    }

    private void options(Troff page) {
        List<OptionSpec> shown =
                command.options().stream().filter(option -> !option.hidden()).toList();
        page.section("OPTIONS");
        for (OptionSpec option : shown) {
            String value = option.arity().max() == 0 ? "" : "=" + Troff.italic(option.paramLabel());
            String names = Arrays.stream(option.names()).map(Troff::bold).collect(Collectors.joining(", "));
            page.item(names + value, description(option));
        }
    }

    private void parameters(Troff page) {
        List<PositionalParamSpec> shown = command.positionalParameters();
        if (!shown.isEmpty()) {
            page.section("ARGUMENTS");
            shown.forEach(parameter -> page.item(Troff.italic(parameter.paramLabel()), description(parameter)));
        }
    }

    private void commands(Troff page) {
        if (!command.subcommands().isEmpty()) {
            page.section("COMMANDS");
            command.subcommands()
                    .values()
                    .forEach(subcommand -> page.item(
                            Troff.bold(subcommand.getCommandName()), description(subcommand.getCommandSpec())));
        }
    }

    private void examples(Troff page) {
        List<String> footer = List.of(command.usageMessage().footer());
        int heading = footer.indexOf(EXAMPLES);
        if (heading >= 0) {
            page.section("EXAMPLES").example(footer.subList(heading + 1, footer.size()));
        }
    }

    private static void exitStatus(Troff page) {
        page.section("EXIT STATUS");
        for (ExitCode code : ExitCode.values()) {
            page.item(Troff.bold(String.valueOf(code.code())), code.meaning());
        }
    }

    private static void surroundings(Troff page) {
        page.section("FILES")
                .item(Troff.italic(ProfileLoader.DEFAULT_FOLDER + "/NAME.yaml"), "the profile NAME")
                .item(Troff.italic(RunFolder.DEFAULT + "/NAME/runs/"), "what is recorded of its runs");
        page.section("ENVIRONMENT")
                .item(Troff.bold(ProfileLoader.FOLDER_VARIABLE), "the folder of the profiles, if another")
                .item(Troff.bold(RunFolder.VARIABLE), "the folder of the recorded runs, if another")
                .item(
                        Troff.bold("JAVA_HOME"),
                        "the Java to run with, 17 or newer; without it the one on the PATH is taken");
    }

    private void seeAlso(Troff page) {
        List<String> others = new ArrayList<>();
        if (command.parent() != null) {
            others.add(name(command.parent()));
        }
        command.subcommands().values().forEach(subcommand -> others.add(name(subcommand.getCommandSpec())));
        PROGRAMS.stream()
                .filter(program -> !program.equals(name(command)) && !others.contains(program))
                .forEach(others::add);
        page.section("SEE ALSO")
                .line(others.stream()
                        .map(other -> Troff.bold(other) + "(" + SECTION + ")")
                        .collect(Collectors.joining(",\n")));
    }

    private static String name(CommandSpec command) {
        return command.qualifiedName("-");
    }

    /** The first sentence, as {@code apropos} lists it. */
    private static String summary(CommandSpec command) {
        String first = description(command).split("[.:;] ", 2)[0];
        String open = first.endsWith(".") ? first.substring(0, first.length() - 1) : first;
        return Character.toLowerCase(open.charAt(0)) + open.substring(1);
    }

    private static String description(CommandSpec command) {
        return formatted(command.usageMessage().description());
    }

    private static String description(ArgSpec argument) {
        return formatted(argument.description());
    }

    /** picocli passes descriptions through a formatter, some before it hands them out: {@code %%} says {@code %}. */
    static String formatted(String[] lines) {
        return String.join(" ", lines).replace("%%", "%").strip();
    }
}
