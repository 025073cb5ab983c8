package io.github.bpipe.core.sql;

import io.github.bpipe.core.sql.SqlToken.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a statement does, as far as its beginning tells.
 *
 * @param verb what it does
 * @param objectKind for CREATE and DROP: {@code table}, {@code view}, {@code sequence}, {@code trigger},
 *     {@code procedure}, {@code function}, {@code package}, {@code package body}, {@code event}; else null
 * @param name of the object that it creates, drops or fills, without a database in front; else null
 * @param assignments of a SET, else empty
 * @param columnList true for an INSERT that names its columns
 */
public record MySqlStatement(
        Verb verb, String objectKind, String name, List<Assignment> assignments, boolean columnList) {
    /** What statements are told apart by. */
    public enum Verb {
        CREATE,
        DROP,
        INSERT,
        /** {@code DO SETVAL(...)}: the position of a sequence. */
        SETVAL,
        SET,
        ALTER_DATABASE,
        OTHER,
        /** Not a statement: {@code DELIMITER}, a command to the client, or nothing but comments. */
        NONE
    }

    /**
     * One assignment of a SET, the names in lower case unless they are variables of the user.
     *
     * @param target {@code @user_variable}, or a system variable without {@code @@} and scope
     * @param value as it stands, a string without its quotes
     */
    public record Assignment(String target, String value) {
        /** True when it keeps a value for later. */
        public boolean saves() {
            return target.startsWith("@");
        }

        /** True when it gives back a value that was kept. */
        public boolean restores() {
            return value.startsWith("@") && !value.startsWith("@@");
        }
    }

    private static final Set<String> OBJECTS =
            Set.of("table", "view", "sequence", "trigger", "procedure", "function", "package", "event");
    private static final MySqlStatement NONE = of(Verb.NONE);

    /** Reads the beginning of a statement, given as its tokens. */
    public static MySqlStatement of(List<SqlToken> allTokens) {
        List<SqlToken> tokens = allTokens.stream().filter(SqlToken::isCode).toList();
        if (tokens.isEmpty()) {
            return NONE;
        }
        return switch (tokens.get(0).text().toLowerCase(Locale.ROOT)) {
            case "create" -> object(Verb.CREATE, tokens);
            case "drop" -> object(Verb.DROP, tokens);
            case "insert", "replace" -> insert(tokens);
            case "set" -> new MySqlStatement(Verb.SET, null, null, assignments(tokens), false);
            case "do", "select" -> setval(tokens);
            case "alter" -> of(tokens.size() > 1 && isDatabase(tokens.get(1)) ? Verb.ALTER_DATABASE : Verb.OTHER);
            default -> of(Verb.OTHER);
        };
    }

    /** A unit that is no statement. */
    public static MySqlStatement none() {
        return NONE;
    }

    /**
     * Rows of an INSERT.
     *
     * @param groups as {@link MySqlScanner#groups} counted them
     */
    public long rows(long groups) {
        return columnList ? groups - 1 : groups;
    }

    /** True when it creates or drops such an object. */
    public boolean concerns(String kind) {
        return kind.equals(objectKind);
    }

    private static MySqlStatement of(Verb verb) {
        return new MySqlStatement(verb, null, null, List.of(), false);
    }

    private static boolean isDatabase(SqlToken token) {
        return token.isWord("database") || token.isWord("schema");
    }

    private static MySqlStatement object(Verb verb, List<SqlToken> tokens) {
        for (int i = 1; i < tokens.size(); i++) {
            String word = tokens.get(i).text().toLowerCase(Locale.ROOT);
            // behind DEFINER = a word of this list is a name
            boolean value = tokens.get(i - 1).isSign('=') || tokens.get(i - 1).isWord("security");
            if (tokens.get(i).kind() == Kind.WORD && OBJECTS.contains(word) && !value) {
                return named(verb, word, tokens, i + 1);
            }
        }
        return of(Verb.OTHER);
    }

    private static MySqlStatement named(Verb verb, String word, List<SqlToken> tokens, int behindWord) {
        int i = behindWord;
        String kind = word;
        if (word.equals("package") && i < tokens.size() && tokens.get(i).isWord("body")) {
            kind = "package body";
            i++;
        }
        if (i < tokens.size() && tokens.get(i).isWord("if")) {
            while (i < tokens.size() && !tokens.get(i).isWord("exists")) {
                i++;
            }
            i++;
        }
        String name = nameAt(tokens, i);
        return name == null ? of(Verb.OTHER) : new MySqlStatement(verb, kind, name, List.of(), false);
    }

    private static MySqlStatement insert(List<SqlToken> tokens) {
        for (int i = 1; i < tokens.size(); i++) {
            if (tokens.get(i).isWord("into")) {
                int behind = i + (isQualified(tokens, i + 1) ? 4 : 2);
                boolean columns = behind < tokens.size() && tokens.get(behind).isSign('(');
                return new MySqlStatement(Verb.INSERT, null, nameAt(tokens, i + 1), List.of(), columns);
            }
        }
        return of(Verb.OTHER);
    }

    private static MySqlStatement setval(List<SqlToken> tokens) {
        boolean setval = tokens.size() > 3
                && tokens.get(1).isWord("setval")
                && tokens.get(2).isSign('(');
        return setval ? new MySqlStatement(Verb.SETVAL, null, nameAt(tokens, 3), List.of(), false) : of(Verb.OTHER);
    }

    /** The name that stands at that place, behind its database where there is one; or null. */
    private static String nameAt(List<SqlToken> tokens, int i) {
        if (i >= tokens.size() || !tokens.get(i).isName()) {
            return null;
        }
        return tokens.get(isQualified(tokens, i) ? i + 2 : i).text();
    }

    private static boolean isQualified(List<SqlToken> tokens, int i) {
        return i + 2 < tokens.size()
                && tokens.get(i + 1).isSign('.')
                && tokens.get(i + 2).isName();
    }

    private static List<Assignment> assignments(List<SqlToken> tokens) {
        List<Assignment> found = new ArrayList<>();
        int depth = 0;
        String target = "";
        StringBuilder value = null;
        for (SqlToken token : tokens.subList(1, tokens.size())) {
            depth += token.isSign('(') ? 1 : token.isSign(')') ? -1 : 0;
            if (depth == 0 && (token.isSign(',') || token.isSign(';'))) {
                add(found, target, value);
                target = "";
                value = null;
            } else if (value != null) {
                value.append(token.text());
            } else if (token.isSign('=')) {
                value = new StringBuilder();
            } else {
                // a scope such as SESSION, or the variable itself
                target = token.text();
            }
        }
        add(found, target, value);
        return List.copyOf(found);
    }

    private static void add(List<Assignment> found, String target, StringBuilder value) {
        if (value == null) {
            return;
        }
        String plain = target.startsWith("@") && !target.startsWith("@@")
                ? target
                : target.replaceFirst("^@@(?i:session\\.|local\\.)?", "").toLowerCase(Locale.ROOT);
        found.add(new Assignment(plain, value.toString()));
    }
}
