package io.github.bpipe.core.engine;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
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
}
