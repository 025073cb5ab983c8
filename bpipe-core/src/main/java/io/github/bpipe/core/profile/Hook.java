package io.github.bpipe.core.profile;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.List;
import java.util.Map;

/**
 * What is done around a backup or a restore: a command, run directly and never through a shell, or a built-in step.
 *
 * @param step the built-in step, or null for a command
 * @param command its words, the first of them the full path of a program; null for a step
 * @param user operating-system user that it runs as, or null for our own
 * @param timeout seconds after which it is killed with its children, or null for the usual limit
 * @param environment variables on top of our own; never null
 */
public record Hook(HookStep step, List<String> command, String user, Integer timeout, Map<String, String> environment) {
    @JsonCreator
    public Hook {
        if (step == null) {
            if (command == null || command.isEmpty() || !command.get(0).startsWith("/")) {
                throw new IllegalArgumentException(
                        "a hook needs command: with the full path of a program as first word");
            }
            command = List.copyOf(command);
        } else if (command != null || user != null || environment != null) {
            throw new IllegalArgumentException("the step " + step.id() + " takes timeout:, and nothing else");
        }
        if (timeout != null && timeout < 1) {
            throw new IllegalArgumentException("a hook's timeout is " + timeout + ", and takes seconds, at least 1");
        }
        environment = environment == null ? Map.of() : Map.copyOf(environment);
    }

    /** A command. */
    public Hook(List<String> command, String user, Integer timeout, Map<String, String> environment) {
        this(null, command, user, timeout, environment);
    }

    /** A built-in step, by a plain word. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Hook step(String id) {
        return new Hook(HookStep.of(id), null, null, null, null);
    }

    /** The step's name, or the command's words. */
    public String describe() {
        return step != null ? step.id() : String.join(" ", command);
    }
}
