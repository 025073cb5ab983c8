package io.github.bpipe.writer;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bpipe.core.engine.PostgresProperties;
import io.github.bpipe.core.engine.SqliteProperties;
import io.github.bpipe.core.profile.Profile;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.core.stream.Json;
import io.github.bpipe.core.stream.StreamFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** A header that asks of a target as little as any: for a check before the stream is there. */
final class TrialHeader {
    private static final int USUAL_PAGE_SIZE = 4096;

    private TrialHeader() {}

    /** For the database of a profile. */
    static Header of(Profile profile) throws IOException {
        return new Header(
                UUID.randomUUID(),
                StreamFormat.KIND_FULL,
                List.of(),
                "bpipe-writer check",
                profile.engine().id(),
                profile.database(),
                profile.name(),
                Instant.now(),
                null,
                null,
                properties(profile),
                List.of(),
                null,
                null);
    }

    private static JsonNode properties(Profile profile) throws IOException {
        return switch (profile.engine()) {
            case MARIADB, MYSQL -> null;
            case POSTGRESQL -> Json.toTree(plainDatabase());
            case SQLITE -> Json.toTree(fileLike(Path.of(profile.database())));
        };
    }

    /** One that every server can make, owned by the restoring account. */
    private static PostgresProperties plainDatabase() {
        return new PostgresProperties(
                "UTF8",
                "libc",
                "C",
                "C",
                null,
                null,
                null,
                "",
                null,
                List.of(),
                List.of(),
                -1,
                PostgresProperties.DEFAULT_TABLESPACE,
                List.of());
    }

    /** A file as large as the live one. */
    private static SqliteProperties fileLike(Path live) throws IOException {
        long bytes = Files.exists(live) ? Math.max(Files.size(live), USUAL_PAGE_SIZE) : USUAL_PAGE_SIZE;
        return new SqliteProperties(bytes, "delete", USUAL_PAGE_SIZE, "UTF-8", 0, 0, 0, null, null, null);
    }
}
