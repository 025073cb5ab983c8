package io.github.bpipe.core.profile;

import java.util.List;
import java.util.Map;

/**
 * A command around a backup or a restore, run directly and never through a shell.
 *
 * @param command its words, the first of them the full path of a program
 * @param user operating-system user that it runs as, or null for our own
 * @param timeout seconds after which it is killed with its children, or null for the usual limit
 * @param environment variables on top of our own; never null
 */
public record Hook(List<String> command, String user, Integer timeout, Map<String, String> environment) {
    public Hook {
        if (command == null || command.isEmpty() || !command.get(0).startsWith("/")) {
            throw new IllegalArgumentException("a hook needs command: with the full path of a program as first word");
        }
        if (timeout != null && timeout < 1) {
            throw new IllegalArgumentException("a hook's timeout is " + timeout + ", and takes seconds, at least 1");
        }
        command = List.copyOf(command);
        environment = environment == null ? Map.of() : Map.copyOf(environment);
    }
}
