package io.github.bpipe.core.cli;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Runs a command line to an exit status; whatever fails becomes a message with a hint. */
public final class Program {
    private static final String DEBUG = "--debug";

    private final Object command;
    private final List<Object> subcommands;
    private final Surroundings surroundings;
    private final Messages messages;
    private final Consumer<Failure> onFailure;
    private CommandLine commandLine;

    /**
     * Prepares a program.
     *
     * @param command the picocli command; its leaves are {@code Callable<Integer>} that throw {@link Failure}
     * @param subcommands likewise
     * @param onFailure told of each failure of the command itself after the message was printed, those of the command
     *     line included; not of its subcommands'
     */
    public Program(
            Object command,
            List<Object> subcommands,
            Surroundings surroundings,
            Messages messages,
            Consumer<Failure> onFailure) {
        this.command = command;
        this.subcommands = List.copyOf(subcommands);
        this.surroundings = surroundings;
        this.messages = messages;
        this.onFailure = onFailure;
    }

    /** Runs it and returns the exit status. */
    public int run(String... args) {
        // to prepare all of them takes 40 to 50 ms of each start, measured with the reader
        Set<String> named = Set.copyOf(Arrays.asList(args));
        List<Object> possible = subcommands.stream()
                .filter(subcommand -> named.contains(name(subcommand)))
                .toList();
        return run(possible, args);
    }

    private static String name(Object subcommand) {
        return subcommand.getClass().getAnnotation(CommandLine.Command.class).name();
    }

    private int run(List<Object> possible, String... args) {
        Handlers handlers = new Handlers(possible.size() == subcommands.size());
        commandLine = commandLine(possible);
        commandLine.setParameterExceptionHandler(handlers);
        commandLine.setExecutionExceptionHandler(handlers);
        commandLine.setExecutionStrategy(handlers);
        PrintWriter out = new PrintWriter(new OutputStreamWriter(surroundings.out(), StandardCharsets.UTF_8), true);
        commandLine.setOut(out);
        return commandLine.execute(args);
    }

    /** What {@code --help} is printed from, for manuals and completions. */
    public CommandSpec definition() {
        return commandLine(subcommands).getCommandSpec();
    }

    private CommandLine commandLine(List<Object> possible) {
        CommandLine made = new CommandLine(command);
        // a database or a profile may have the name of a subcommand
        made.setAllowSubcommandsAsOptionParameters(true);
        made.getCommandSpec()
                .addOption(OptionSpec.builder(DEBUG)
                        .description("Print a stack trace with an error.")
                        .scopeType(CommandLine.ScopeType.INHERIT)
                        .build());
        for (Object subcommand : possible) {
            made.addSubcommand(subcommand);
        }
        made.setCaseInsensitiveEnumValuesAllowed(true);
        made.setUsageHelpWidth(100);
        return made;
    }

    private int fail(Failure failure, CommandLine failed) {
        messages.error(failure);
        if (debug()) {
            messages.stackTrace(failure);
        }
        if (failed == commandLine && !subcommandNamed()) {
            onFailure.accept(failure);
        }
        return failure.exitCode().code();
    }

    /** True also where an option before the subcommand is what is wrong. */
    private boolean subcommandNamed() {
        CommandLine.ParseResult parsed = commandLine.getParseResult();
        return parsed != null && parsed.hasSubcommand();
    }

    private boolean debug() {
        for (CommandLine.ParseResult parsed = commandLine.getParseResult(); parsed != null; ) {
            if (parsed.hasMatchedOption(DEBUG)) {
                return true;
            }
            parsed = parsed.hasSubcommand() ? parsed.subcommand() : null;
        }
        return false;
    }

    private static Failure usage(CommandLine.ParameterException e) {
        String help = e.getCommandLine().getCommandSpec().qualifiedName() + " --help lists the options";
        if (e instanceof CommandLine.UnmatchedArgumentException unmatched) {
            List<String> suggestions = unmatched.getSuggestions();
            String hint = suggestions.isEmpty() ? help : "did you mean " + suggestions.get(0) + "? " + help;
            return new Failure(ExitCode.USAGE, lowerFirst(e.getMessage()), hint);
        }
        return new Failure(ExitCode.USAGE, lowerFirst(e.getMessage()), help);
    }

    private static String lowerFirst(String text) {
        return text.isEmpty() ? text : Character.toLowerCase(text.charAt(0)) + text.substring(1);
    }

    /**
     * Help and errors speak of all subcommands. Not lambdas, here as elsewhere, because one that names a class of picocli
     * keeps that out of the class archive, which speeds up a start.
     */
    private final class Handlers
            implements CommandLine.IParameterExceptionHandler,
                    CommandLine.IExecutionExceptionHandler,
                    CommandLine.IExecutionStrategy {
        private final boolean complete;

        /**
         * For one command line.
         *
         * @param complete whether it has all subcommands
         */
        Handlers(boolean complete) {
            this.complete = complete;
        }

        @Override
        public int handleParseException(CommandLine.ParameterException e, String[] args) {
            return complete ? fail(usage(e), e.getCommandLine()) : run(subcommands, args);
        }

        @Override
        public int execute(CommandLine.ParseResult parsed) {
            return complete || !parsed.isUsageHelpRequested()
                    ? new CommandLine.RunLast().execute(parsed)
                    : run(subcommands, parsed.originalArgs().toArray(String[]::new));
        }

        @Override
        public int handleExecutionException(Exception e, CommandLine failed, CommandLine.ParseResult parsed) {
            return fail(Failure.of(e), failed);
        }
    }
}
