package io.github.bpipe.writer.target.postgres;

import io.github.bpipe.core.engine.PostgresProperties;
import java.util.List;

/** Properties of an ordinary database of the test server, but for what a test is about. */
final class OrdinaryProperties {
    private static final String SUPERUSER = "postgres";

    private OrdinaryProperties() {}

    static PostgresProperties ownedBy(String owner) {
        return of("UTF8", "libc", "C.UTF-8", "C.UTF-8", null, owner, null);
    }

    static PostgresProperties commented(String comment) {
        return of("UTF8", "libc", "C.UTF-8", "C.UTF-8", null, SUPERUSER, comment);
    }

    static PostgresProperties inLocale(
            String encoding, String provider, String collate, String ctype, String icuLocale) {
        return of(encoding, provider, collate, ctype, icuLocale, SUPERUSER, null);
    }

    private static PostgresProperties of(
            String encoding,
            String provider,
            String collate,
            String ctype,
            String icuLocale,
            String owner,
            String comment) {
        return new PostgresProperties(
                encoding,
                provider,
                collate,
                ctype,
                icuLocale,
                null,
                null,
                owner,
                comment,
                null,
                List.of(),
                -1,
                "pg_default",
                List.of());
    }
}
