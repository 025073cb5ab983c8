package io.github.bpipe.config;

import io.github.bpipe.core.cli.Surroundings;

/** The executable {@code bareos-config}. */
public final class ConfigMain {
    private ConfigMain() {}

    public static void main(String[] args) {
        System.exit(ConfigCommand.run(Surroundings.ofProcess(), args));
    }
}
