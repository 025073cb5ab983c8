package io.github.bpipe.writer.diff;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.Engine;

/** Where the live database is. */
public record Place(Engine engine, Connection connection, String database) {}
