package io.github.bpipe.core.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class MySqlTokenizerTest {
    private static List<String> read(String sql) {
        return MySqlTokenizer.tokens(sql.getBytes(StandardCharsets.UTF_8)).stream()
                .map(token -> token.kind() + ":" + token.text())
                .toList();
    }

    @Test
    void everyKindIsTold() {
        assertThat(read("a `b``c` 'd''e\\n\\\\' 1.5 @f @@session.g /* h */ /*!50003 + */ -- i"))
                .containsExactly(
                        "WORD:a",
                        "NAME:b`c",
                        "STRING:d'e\n\\",
                        "NUMBER:1.5",
                        "VARIABLE:@f",
                        "VARIABLE:@@session.g",
                        "COMMENT:/* h */",
                        "MARK:/*!50003",
                        "PUNCTUATION:+",
                        "MARK:*/",
                        "COMMENT:-- i");
    }

    @Test
    void numbersAndNamesThatBeginWithADigit() {
        assertThat(read("1e 1e5 0x1F 2a 5--3"))
                .containsExactly(
                        "NUMBER:1e",
                        "NUMBER:1e5",
                        "NUMBER:0x1F",
                        "WORD:2a",
                        "NUMBER:5",
                        "PUNCTUATION:-",
                        "PUNCTUATION:-",
                        "NUMBER:3");
    }

    @Test
    void aQualifiedNameKeepsItsPlaces() {
        String sql = "DEFAULT nextval(`d\u00e4`.`sq`)";
        List<SqlToken> tokens = MySqlTokenizer.tokens(sql.getBytes(StandardCharsets.UTF_8));
        assertThat(tokens.get(3).text()).isEqualTo("d\u00e4");
        assertThat(tokens.get(4).isSign('.')).isTrue();
        assertThat(tokens.get(5).from()).isEqualTo(tokens.get(4).to());
        assertThat(tokens.get(5).to() - tokens.get(5).from()).isEqualTo(4);
    }

    @Test
    void theSqlModeDecidesAboutBackslashesAndDoubleQuotes() {
        byte[] sql = "\"a\\\" '\\'".getBytes(StandardCharsets.UTF_8);
        List<SqlToken> ansi = MySqlTokenizer.tokens(sql, 0, sql.length, new MySqlQuoting(false, true));
        assertThat(ansi).extracting(SqlToken::kind).containsExactly(SqlToken.Kind.NAME, SqlToken.Kind.STRING);
        assertThat(ansi.get(0).text()).isEqualTo("a\\");
    }

    @Test
    void aStatementThatWasCutOffEndsInWhatIsThere() {
        assertThat(read("SELECT 'a")).containsExactly("WORD:SELECT", "STRING:a");
        assertThat(read("SELECT /* a")).containsExactly("WORD:SELECT", "COMMENT:/* a");
    }
}
