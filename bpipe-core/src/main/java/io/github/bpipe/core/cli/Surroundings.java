package io.github.bpipe.core.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Everything that a program takes from the process it runs in.
 *
 * @param in payload, unbuffered
 * @param out payload, unbuffered; fails with an exception where {@code System.out} would swallow the error
 * @param err messages
 * @param environment variables
 * @param inIsTerminal true when a person can be asked
 * @param outIsTerminal true when a person would see the payload
 * @param errIsTerminal true when a person sees the messages
 */
public record Surroundings(
        InputStream in,
        OutputStream out,
        PrintStream err,
        Map<String, String> environment,
        boolean inIsTerminal,
        boolean outIsTerminal,
        boolean errIsTerminal) {

    private static final Pattern TERMINAL = Pattern.compile("/dev/(pts/\\d+|tty.*|console)");

    /** With a stdin that nobody types into. */
    public Surroundings(
            InputStream in,
            OutputStream out,
            PrintStream err,
            Map<String, String> environment,
            boolean outIsTerminal,
            boolean errIsTerminal) {
        this(in, out, err, environment, false, outIsTerminal, errIsTerminal);
    }

    /** Those of this process. */
    public static Surroundings ofProcess() {
        return new Surroundings(
                new FileInputStream(FileDescriptor.in),
                new FileOutputStream(FileDescriptor.out),
                System.err,
                System.getenv(),
                isTerminal(0),
                isTerminal(1),
                isTerminal(2));
    }

    /** Java tells only whether stdin and stdout both are terminals; the kernel tells it of each. */
    private static boolean isTerminal(int descriptor) {
        try {
            Path opened = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor));
            return TERMINAL.matcher(opened.toString()).matches();
        } catch (IOException e) {
            // closed, or no /proc: not a place where somebody looks
            return false;
        }
    }
}
