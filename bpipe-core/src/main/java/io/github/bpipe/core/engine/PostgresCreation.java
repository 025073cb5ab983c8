package io.github.bpipe.core.engine;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Objects;

/**
 * What an administrator wants of a PostgreSQL database that is created, in place of what the dump has recorded; whatever
 * is null is as recorded.
 *
 * @param template to copy; none is recorded, and the server's empty one is taken
 * @param encoding as {@code CREATE DATABASE} takes it
 * @param collate the libc locale of the collation
 * @param ctype the libc locale of the character classes
 * @param owner role, which must exist
 */
public record PostgresCreation(
        String template,
        String encoding,
        @JsonProperty("lc_collate") String collate,
        @JsonProperty("lc_ctype") String ctype,
        String owner) {
    /** As recorded. */
    public static final PostgresCreation RECORDED = new PostgresCreation(null, null, null, null, null);

    private static final String EMPTY_TEMPLATE = "template0";

    /** The template that is copied. */
    public String templateName() {
        return template != null ? template : EMPTY_TEMPLATE;
    }

    /** The properties with what is wanted in place of what is recorded. */
    public PostgresProperties over(PostgresProperties recorded) {
        boolean sameCollation = collate == null || collate.equals(recorded.collate());
        return new PostgresProperties(
                first(encoding, recorded.encoding()),
                recorded.localeProvider(),
                first(collate, recorded.collate()),
                first(ctype, recorded.ctype()),
                recorded.locale(),
                recorded.icuRules(),
                sameCollation ? recorded.collationVersion() : null,
                first(owner, recorded.owner()),
                recorded.comment(),
                recorded.grants() == null ? null : grants(recorded),
                recorded.settings(),
                recorded.connectionLimit(),
                recorded.tablespace(),
                recorded.extensions());
    }

    /** What the recorded owner may, the wanted one may. */
    private List<PostgresProperties.Grant> grants(PostgresProperties recorded) {
        return recorded.grants().stream()
                .map(grant -> Objects.equals(grant.grantee(), recorded.owner())
                        ? new PostgresProperties.Grant(
                                first(owner, recorded.owner()), grant.privilege(), grant.grantable())
                        : grant)
                .toList();
    }

    private static String first(String wanted, String recorded) {
        return wanted != null ? wanted : recorded;
    }
}
