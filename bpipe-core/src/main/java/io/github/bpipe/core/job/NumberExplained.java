package io.github.bpipe.core.job;

import io.github.bpipe.core.error.ExitCode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What a number of the job log means. The daemon prints 2^28 + exit code or 2^27 + signal; a program that it could not
 * run gets one of its own codes (Bareos and Bacula, {@code lib/bpipe.cc}).
 */
public final class NumberExplained {
    private static final long EXIT = 1L << 28;
    private static final long SIGNAL = 1L << 27;
    private static final int LAST_OF_A_BYTE = 255;
    private static final int LAST_SIGNAL = 64;
    private static final int DAEMON = 200;
    private static final int SHELL_NOT_EXECUTABLE = 126;
    private static final int SHELL_NOT_FOUND = 127;
    private static final int SHELL_SIGNAL = 128;

    private static final List<String> EXEC_ERRORS = List.of(
            "the daemon's user may not execute it (EACCES)",
            "it is no program that this machine can run (ENOEXEC)",
            "the daemon made a mistake (EFAULT)",
            "it was interrupted (EINTR)",
            "its arguments are too long (E2BIG)",
            "its name is too long (ENAMETOOLONG)",
            "there was no memory for it (ENOMEM)",
            "somebody was writing the program's file (ETXTBSY)",
            "it does not exist (ENOENT)");

    private static final Map<Integer, String> SIGNALS = Map.of(
            1, "SIGHUP", 2, "SIGINT", 3, "SIGQUIT", 6, "SIGABRT", 9, "SIGKILL", 11, "SIGSEGV", 13, "SIGPIPE", 15,
            "SIGTERM", 24, "SIGXCPU", 25, "SIGXFSZ");

    private NumberExplained() {}

    /** One sentence, or null for a number that neither the programs nor the daemons use. */
    public static String of(long number) {
        if (number >= EXIT && number <= EXIT + LAST_OF_A_BYTE) {
            return exit((int) (number - EXIT));
        }
        if (number > SIGNAL && number <= SIGNAL + LAST_SIGNAL) {
            return "the program was ended by " + signal((int) (number - SIGNAL));
        }
        return number >= 0 && number <= LAST_OF_A_BYTE ? exit((int) number) : null;
    }

    private static String exit(int code) {
        if (code == LAST_OF_A_BYTE) {
            return "exit code 255: the daemon could not run the program";
        }
        if (code >= DAEMON && code < DAEMON + EXEC_ERRORS.size()) {
            return "exit code " + code + ": the daemon could not run the program: " + EXEC_ERRORS.get(code - DAEMON);
        }
        if (code == SHELL_NOT_EXECUTABLE || code == SHELL_NOT_FOUND) {
            return "exit code " + code + ": a shell "
                    + (code == SHELL_NOT_FOUND ? "did not find the program" : "could not execute the program");
        }
        if (code > SHELL_SIGNAL && code <= SHELL_SIGNAL + LAST_SIGNAL) {
            return "exit code " + code + ": the program was ended by " + signal(code - SHELL_SIGNAL);
        }
        return Arrays.stream(ExitCode.values())
                .filter(known -> known.code() == code)
                .map(known -> "exit code " + code + ": " + known.meaning())
                .findFirst()
                .orElse(null);
    }

    private static String signal(int number) {
        String name = SIGNALS.get(number);
        return name == null ? "signal " + number : "signal " + number + " (" + name + ")";
    }
}
