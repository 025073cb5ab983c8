package io.github.bpipe.core.engine;

import static io.github.bpipe.core.engine.PostgresClients.identifier;
import static io.github.bpipe.core.engine.PostgresClients.literal;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The statements that give a database its {@link PostgresProperties}, under any name: what {@code pg_dump --create}
 * would print with the name of the source in it. None ends in a semicolon.
 */
public final class PostgresDatabaseSql {
    /** The settings whose value is a list of quoted names (pg_dump's {@code variable_is_guc_list_quote}). */
    private static final Set<String> LISTS = Set.of(
            "local_preload_libraries",
            "search_path",
            "session_preload_libraries",
            "shared_preload_libraries",
            "temp_tablespaces",
            "unix_socket_directories");

    private static final int FIRST_WITH_PROVIDERS = 15;

    private final PostgresProperties properties;

    public PostgresDatabaseSql(PostgresProperties properties) {
        this.properties = properties;
    }

    /** As {@link #create(String, String, int)}, from the server's empty template. */
    public String create(String database, int serverMajor) {
        return create(database, PostgresCreation.RECORDED.templateName(), serverMajor);
    }

    /**
     * Creates the database, empty, with the recorded encoding and locale; owner, tablespace and connection limit are
     * left to the server's defaults.
     *
     * @param template that it is a copy of
     * @param serverMajor major version of the server that runs it
     */
    public String create(String database, String template, int serverMajor) {
        StringBuilder sql = new StringBuilder(
                "CREATE DATABASE " + identifier(database) + " TEMPLATE " + identifier(template) + " ENCODING "
                        + literal(properties.encoding()) + " LC_COLLATE " + literal(properties.collate()) + " LC_CTYPE "
                        + literal(properties.ctype()));
        if (serverMajor >= FIRST_WITH_PROVIDERS) {
            // always named, since template0 may have another provider than the source
            sql.append(" LOCALE_PROVIDER ").append(properties.localeProvider());
        }
        if (properties.locale() != null) {
            sql.append(properties.localeProvider().equals("icu") ? " ICU_LOCALE " : " BUILTIN_LOCALE ")
                    .append(literal(properties.locale()));
        }
        if (properties.icuRules() != null) {
            sql.append(" ICU_RULES ").append(literal(properties.icuRules()));
        }
        return sql.toString();
    }

    /** Gives the database its owner, which must exist. */
    public String owner(String database) {
        return "ALTER DATABASE " + identifier(database) + " OWNER TO " + identifier(properties.owner());
    }

    /** Gives the database its comment, privileges, connection limit and settings; the roles named in them must exist. */
    public List<String> properties(String database) {
        List<String> statements = new ArrayList<>();
        String name = identifier(database);
        if (properties.comment() != null) {
            statements.add("COMMENT ON DATABASE " + name + " IS " + literal(properties.comment()));
        }
        if (properties.grants() != null) {
            statements.add("REVOKE ALL ON DATABASE " + name + " FROM PUBLIC");
            statements.add("REVOKE ALL ON DATABASE " + name + " FROM " + identifier(properties.owner()));
            properties.grants().forEach(grant -> statements.add(grant(name, grant)));
        }
        if (properties.connectionLimit() >= 0) {
            statements.add("ALTER DATABASE " + name + " CONNECTION LIMIT " + properties.connectionLimit());
        }
        properties.settings().forEach(setting -> statements.add(setting(name, setting)));
        return statements;
    }

    private static String grant(String name, PostgresProperties.Grant grant) {
        return "GRANT " + grant.privilege() + " ON DATABASE " + name + " TO "
                + (grant.grantee() == null ? "PUBLIC" : identifier(grant.grantee()))
                + (grant.grantable() ? " WITH GRANT OPTION" : "");
    }

    private static String setting(String name, PostgresProperties.Setting setting) {
        String value = assignment(setting.name(), setting.value());
        return setting.role() == null
                ? "ALTER DATABASE " + name + " SET " + value
                : "ALTER ROLE " + identifier(setting.role()) + " IN DATABASE " + name + " SET " + value;
    }

    /**
     * What follows {@code SET} for a value from the catalogue.
     *
     * @param name of the setting; of an extension's, with a dot in it
     */
    public static String assignment(String name, String value) {
        String values = LISTS.contains(name)
                ? names(value).stream().map(PostgresClients::literal).collect(Collectors.joining(", "))
                : literal(value);
        String quoted = List.of(name.split("\\.", -1)).stream()
                .map(PostgresClients::identifier)
                .collect(Collectors.joining("."));
        return quoted + " TO " + (values.isEmpty() ? "''" : values);
    }

    /** Takes a list like {@code "$user", public} apart. */
    private static List<String> names(String list) {
        List<String> names = new ArrayList<>();
        int at = 0;
        while (at < list.length()) {
            char c = list.charAt(at);
            if (c == ',' || Character.isWhitespace(c)) {
                at++;
            } else if (c == '"') {
                int end = closingQuote(list, at + 1);
                names.add(list.substring(at + 1, end).replace("\"\"", "\""));
                at = end + 1;
            } else {
                int end = list.indexOf(',', at);
                end = end < 0 ? list.length() : end;
                names.add(list.substring(at, end).strip());
                at = end;
            }
        }
        return names;
    }

    private static int closingQuote(String list, int from) {
        int end = list.indexOf('"', from);
        while (end >= 0 && end + 1 < list.length() && list.charAt(end + 1) == '"') {
            end = list.indexOf('"', end + 2);
        }
        return end < 0 ? list.length() : end;
    }
}
