package io.github.bpipe.core.application;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The applications that are known by name. */
public enum CloudKind {
    NEXTCLOUD,
    OWNCLOUD;

    /** As profiles, command lines and the application itself ({@code $vendor} in its version.php) spell it. */
    @JsonValue
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The application of that name. */
    public static Optional<CloudKind> find(String id) {
        return Arrays.stream(values()).filter(kind -> kind.id().equals(id)).findFirst();
    }

    /**
     * The application of that name.
     *
     * @throws IllegalArgumentException that lists the known names
     */
    @JsonCreator
    public static CloudKind of(String id) {
        return find(id).orElseThrow(() -> new IllegalArgumentException("unknown application " + id + ", known are "
                + Arrays.stream(values()).map(CloudKind::id).collect(Collectors.joining(", "))));
    }
}
