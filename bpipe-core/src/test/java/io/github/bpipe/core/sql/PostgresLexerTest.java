package io.github.bpipe.core.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresLexerTest {
    private static List<String> statements(String script, int piece, boolean standardStrings) {
        PostgresLexer lexer = new PostgresLexer();
        lexer.setStandardStrings(standardStrings);
        byte[] bytes = script.getBytes(StandardCharsets.UTF_8);
        List<String> statements = new ArrayList<>();
        int begin = 0;
        int from = 0;
        while (from < bytes.length) {
            int to = Math.min(from + piece, bytes.length);
            int end = lexer.end(bytes, from, to);
            if (end >= 0) {
                int token = begin + (int) lexer.firstToken();
                statements.add(new String(bytes, token, end - token, StandardCharsets.UTF_8));
                begin = end;
            }
            from = end >= 0 ? end : to;
        }
        assertThat(lexer.isBetweenStatements()).as("the script is whole").isTrue();
        return statements;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT ';'",
                "SELECT 'it''s;', ''';', ''",
                "SELECT E'\\';', E'\\\\', E''';', e'a''\\';'",
                "SELECT 'ends in a backslash\\'",
                "SELECT B'1', X'f;', U&'\\0041;', name'x;\\'",
                "SELECT \";\", \"a\"\";\"",
                "SELECT $$;$$, $a$ ; $$ ; $b$ ; $a$, $a1$;$a1$, $\u00fc$;$\u00fc$",
                "SELECT $a$ $$a$",
                "SELECT a$b$c, 1 AS d$$, $1",
                "SELECT 1 - 2 -- ; it's a comment\n + 3",
                "SELECT 4 / 2 /* ; ' /* nested ; */ \" ; */ * 3, 5 /*/ ; */",
                "CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2)",
                "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN a THEN 1 END; END",
                "create or replace procedure p() begin atomic select (case when a then 1 end); end",
                "ALTER TABLE \"begin\" RENAME TO \"end\"",
                "BEGIN",
                "COMMENT ON TABLE t IS '\n--\n-- Name: fake; Type: TABLE\n--\n\\.\n'"
            })
    void aStatementEndsAtItsOwnSemicolonOnly(String statement) {
        String script = "\n--\n-- heading; 'with\" $$ signs\n--\n\n" + statement + ";/* c; */ \n" + statement
                + ";\n\\cmd ;\n" + statement + ";\n-- end";
        List<String> expected = List.of(statement + ";", statement + ";", "\\cmd ;\n", statement + ";");
        for (int piece = 1; piece <= script.length(); piece++) {
            assertThat(statements(script, piece, true))
                    .as("in pieces of %s", piece)
                    .isEqualTo(expected);
        }
    }

    @Test
    void aBackslashEscapesInPlainStringsWhereTheSessionSaysSo() {
        assertThat(statements("SELECT 'a\\';'; SELECT 2;", 1, false)).containsExactly("SELECT 'a\\';';", "SELECT 2;");
        assertThat(statements("SELECT 'a\\'; SELECT 2;", 1, true)).containsExactly("SELECT 'a\\';", "SELECT 2;");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT 1", "SELECT '", "/* open", "$$", "$a$ $a", "(;", "\"", "\\restrict", "E'\\"})
    void whatIsNotWholeIsNotTakenForTheEnd(String begun) {
        PostgresLexer lexer = new PostgresLexer();
        byte[] bytes = begun.getBytes(StandardCharsets.UTF_8);
        assertThat(lexer.end(bytes, 0, bytes.length)).isEqualTo(-1);
        assertThat(lexer.isBetweenStatements()).isFalse();
    }

    @Test
    void wordsAreNamesAndSigns() {
        byte[] bytes = "ALTER TABLE ONLY \"a\"\".b\".\"c d\"\n    ADD CONSTRAINT x_1 UNIQUE (a);"
                .getBytes(StandardCharsets.UTF_8);
        assertThat(PostgresWords.of(bytes, 0, bytes.length, 9, StandardCharsets.UTF_8))
                .containsExactly(
                        "ALTER", "TABLE", "ONLY", "\"a\"\".b\".\"c d\"", "ADD", "CONSTRAINT", "x_1", "UNIQUE", "(");
        assertThat(PostgresWords.parts("\"a\"\".b\".\"c d\"")).containsExactly("a\".b", "c d");
        assertThat(PostgresWords.parts("public.t")).containsExactly("public", "t");
    }
}
