package io.github.bpipe.core.engine;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.process.Captured;
import io.github.bpipe.core.process.Command;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a command as another operating-system user, through {@code setpriv} of util-linux: it replaces itself by the
 * program, so that signals and exit status are the program's own.
 */
public final class RunAs {
    private static final int NAME_FIELD = 0;
    private static final int GROUP_FIELD = 3;
    private static final int HOME_FIELD = 5;

    private RunAs() {}

    /**
     * The command that runs {@code command} as {@code user}, with that user's home.
     *
     * @param user or null for our own
     */
    public static Command wrap(Command command, String user) throws Failure {
        if (user == null || user.equals(System.getProperty("user.name"))) {
            return command;
        }
        String[] entry = entry(user);
        List<String> arguments = new ArrayList<>(
                List.of("--reuid=" + user, "--regid=" + entry[GROUP_FIELD], "--init-groups", "--", command.program()));
        arguments.addAll(command.arguments());
        return new Command("setpriv", arguments, command.environment())
                .withEnvironment("HOME", entry[HOME_FIELD])
                .withEnvironment("USER", user)
                .withEnvironment("LOGNAME", user);
    }

    /** The user's entry, in its fields, from wherever the system keeps its users: files, LDAP, systemd ... */
    private static String[] entry(String user) throws Failure {
        try {
            String[] fields = Captured.run(Command.of("getent", "passwd", "--", user))
                    .stdout()
                    .strip()
                    .split(":", -1);
            // a number is looked up as an id, too
            if (fields.length > HOME_FIELD && fields[NAME_FIELD].equals(user)) {
                return fields;
            }
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.USAGE,
                    "cannot look up the operating-system user " + user + ": " + e.getMessage(),
                    "install getent, which comes with the C library",
                    e);
        }
        throw new Failure(
                ExitCode.USAGE, "no operating-system user " + user, "correct --run-as, or runAs in the profile");
    }
}
