package io.github.bpipe.config.model;

import java.nio.file.Path;

/**
 * A place in a configuration file.
 *
 * @param line from 1
 */
public record Position(Path file, int line) {
    @Override
    public String toString() {
        return file + ":" + line;
    }
}
