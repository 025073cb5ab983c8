package io.github.bpipe.core.engine;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.util.Arrays;
import java.util.List;

/** The database engines, by the names that options, profiles and streams use. */
public enum Engine {
    MARIADB("mariadb"),
    MYSQL("mysql"),
    POSTGRESQL("postgresql"),
    SQLITE("sqlite");

    private final String id;

    Engine(String id) {
        this.id = id;
    }

    @JsonValue
    public String id() {
        return id;
    }

    /** True for the two that speak the same protocol and nearly the same SQL. */
    public boolean isMySqlFamily() {
        return this == MARIADB || this == MYSQL;
    }

    /** Names of all engines. */
    public static List<String> ids() {
        return Arrays.stream(values()).map(Engine::id).toList();
    }

    /**
     * The engine of that name.
     *
     * @throws IllegalArgumentException that lists the known names
     */
    @JsonCreator
    public static Engine of(String id) {
        return Arrays.stream(values())
                .filter(engine -> engine.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "unknown engine " + id + ", known are " + String.join(", ", ids())));
    }

    /**
     * That of a stream, by the name in its header.
     *
     * @param expected engine that the stream must come from, or null for any
     */
    public static Engine ofStream(String id, Engine expected) throws Failure {
        Engine engine;
        try {
            engine = of(id);
        } catch (IllegalArgumentException e) {
            throw new Failure(
                    ExitCode.UNSUPPORTED_STREAM, "the stream's " + e.getMessage(), "install a newer bpipe-toolkit");
        }
        if (expected != null && expected != engine) {
            throw new Failure(
                    ExitCode.WRONG_ENGINE,
                    "the stream comes from " + engine.id() + ", asked for is " + expected.id(),
                    "take the right backup, or the right profile or --engine");
        }
        return engine;
    }
}
