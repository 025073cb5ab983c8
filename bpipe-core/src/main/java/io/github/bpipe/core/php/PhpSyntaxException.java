package io.github.bpipe.core.php;

import java.nio.file.Path;

/** A file that PHP itself would refuse. */
public final class PhpSyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int line;

    PhpSyntaxException(int line, String message) {
        super(message);
        this.line = line;
    }

    /** With {@code file:line} before it. */
    public String in(Path file) {
        return file + ":" + line + ": " + getMessage();
    }
}
