package io.github.bpipe.core.process;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A native program to run, directly and never through a shell.
 *
 * @param program path or name on the PATH
 * @param arguments one word each; never a secret, since every user of the machine can read them
 * @param environment set on top of our own; may hold a secret
 */
public record Command(String program, List<String> arguments, Map<String, String> environment) {
    public Command {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }

    public static Command of(String program, String... arguments) {
        return new Command(program, List.of(arguments), Map.of());
    }

    /** The same with more arguments at the end. */
    public Command with(List<String> more) {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(more);
        return new Command(program, all, environment);
    }

    /** The same with one more environment variable. */
    public Command withEnvironment(String name, String value) {
        Map<String, String> all = new HashMap<>(environment);
        all.put(name, value);
        return new Command(program, arguments, all);
    }

    /** Last part of the program's path, for messages. */
    public String name() {
        return program.substring(program.lastIndexOf('/') + 1);
    }

    /** Never shows the environment. */
    @Override
    public String toString() {
        return arguments.isEmpty() ? program : program + " " + String.join(" ", arguments);
    }
}
