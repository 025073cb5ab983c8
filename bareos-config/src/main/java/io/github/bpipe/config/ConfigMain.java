package io.github.bpipe.config;

import io.github.bpipe.core.cli.ProcessExit;
import io.github.bpipe.core.cli.Surroundings;
import picocli.CommandLine.Model.CommandSpec;

/** The executable {@code bareos-config}. */
public final class ConfigMain {
    private ConfigMain() {}

    public static void main(String[] args) {
        ProcessExit.with(ConfigCommand.run(Surroundings.ofProcess(), args));
    }

    /** What {@code --help} is printed from, for manuals and completions. */
    public static CommandSpec definition() {
        return ConfigCommand.program(Surroundings.ofProcess()).definition();
    }
}
