package io.github.bpipe.config.init;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;

/** Nothing proves an administrator to the server, unless somebody names a file with an account. */
public final class NoAdministrator extends Failure {
    private final String file;

    NoAdministrator(String message, String file) {
        super(
                ExitCode.USAGE,
                message,
                "write " + file + " with an administrative account (mode 0600) and name it with --option-file");
        this.file = file;
    }

    /** What kind of file: "an option file". */
    public String file() {
        return file;
    }
}
