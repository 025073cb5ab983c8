package io.github.bpipe.core.engine;

import java.util.List;

/**
 * What belongs to a PostgreSQL database as a whole and stands in no section of its dump: the {@code properties} of a
 * stream's header. Names are plain, not quoted.
 *
 * @param encoding as {@code CREATE DATABASE} takes it ({@code UTF8}, {@code SQL_ASCII} ...)
 * @param localeProvider {@code libc}, {@code icu} or {@code builtin}
 * @param collate the libc locale of the collation; given for every provider
 * @param ctype the libc locale of the character classes; given for every provider
 * @param locale of the provider {@code icu} or {@code builtin}, else null
 * @param icuRules tailoring of an ICU collation (16 and later), else null
 * @param collationVersion of the collation's library, or null where it has none
 * @param owner role
 * @param comment or null
 * @param grants the access privileges, or null where nobody ever changed the default ones
 * @param settings of {@code ALTER DATABASE SET} and {@code ALTER ROLE IN DATABASE SET}
 * @param connectionLimit -1 for none
 * @param tablespace the default tablespace of the database
 * @param extensions that are installed in it
 */
public record PostgresProperties(
        String encoding,
        String localeProvider,
        String collate,
        String ctype,
        String locale,
        String icuRules,
        String collationVersion,
        String owner,
        String comment,
        List<Grant> grants,
        List<Setting> settings,
        int connectionLimit,
        String tablespace,
        List<Extension> extensions) {

    /** The tablespace that every server has. */
    public static final String DEFAULT_TABLESPACE = "pg_default";

    /**
     * A privilege on the database.
     *
     * @param grantee role, or null for {@code PUBLIC}
     * @param privilege {@code CONNECT}, {@code CREATE} or {@code TEMPORARY}
     * @param grantable true for {@code WITH GRANT OPTION}
     */
    public record Grant(String grantee, String privilege, boolean grantable) {}

    /**
     * A setting that sessions in the database begin with.
     *
     * @param role it holds for, or null for all
     * @param name of the setting
     * @param value as the catalogue has it: of a list of names, each is quoted where needed
     */
    public record Setting(String role, String name, String value) {}

    /**
     * An installed extension.
     *
     * @param name as {@code CREATE EXTENSION} takes it
     * @param version installed in the source
     * @param schema it stands in
     */
    public record Extension(String name, String version, String schema) {}
}
