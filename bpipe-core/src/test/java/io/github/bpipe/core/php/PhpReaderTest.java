package io.github.bpipe.core.php;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.bpipe.core.process.Captured;
import io.github.bpipe.core.process.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares with what PHP itself makes of the same files. */
class PhpReaderTest {
    @TempDir
    private Path folder;

    @Test
    void everythingIsReadAsPhpReadsIt() throws Exception {
        String code =
                new String(getClass().getResourceAsStream("everything.php").readAllBytes(), StandardCharsets.UTF_8);
        JsonNode expected = askPhp(write(code));
        PhpReader.Contents contents = read(code);
        assertThat(json(contents.variables().get("CONFIG"))).isEqualTo(expected);
        assertThat(expected.size()).isEqualTo(17);
        assertThat(contents.skipped()).isEmpty();
        assertThat(contents.variables()).containsKey("other");
        assertThat(contents.lines())
                .containsEntry("CONFIG", 8)
                .containsEntry("CONFIG[single]", 29)
                .containsEntry("CONFIG[utf8]", 11)
                .containsEntry("CONFIG[later]", 28);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '~', delimiter = '|', textBlock = """
            getenv('SECRET')          | getenv
            \\getenv('SECRET')        | getenv
            SOME_CONSTANT             | SOME_CONSTANT
            Other::CLASS_CONSTANT     | Other
            $before                   | $before
            "with $before in it"      | a string with variables
            "with {$before['x']}"     | a string with variables
            `whoami`                  | a string with variables
            'a' . getenv('SECRET')    | getenv
            getenv('SECRET') ?: 'b'   | getenv
            1 + 1                     | +
            true ? 'a' : 'b'          | ?
            (int) '5'                 | (
            !true                     | !
            dirname(__FILE__, [1][0]) | dirname
            """)
    void whatOnlyPhpKnowsIsNamedAndNeitherGuessedNorTakenForAnError(String value, String what) throws Exception {
        String code = "<?php\n$before = 1;\n$CONFIG = ['a' => " + value + ", 'b' => 'known'];";
        PhpReader.Contents contents = read(code);
        assertThat(((PhpValue.Table) contents.variables().get("CONFIG")).entries())
                .containsEntry("a", new PhpValue.Unknown(what))
                .containsEntry("b", new PhpValue.Text("known"));
    }

    @Test
    void statementsThatAreNotUnderstoodAreNamedWithTheirLineAndWhatTheyMention() throws Exception {
        String code = """
                <?php
                use Some\\Thing;
                if (getenv('HOST')) {
                  $CONFIG['dbhost'] = getenv('HOST');
                } else { $x = [1, 2]; }
                $text = <<<END
                  ; { 'not a key'
                  END;
                define('X', 'y');
                $CONFIG['known'] = 'yes';
                $CONFIG['a']['b'] = 'deep';
                """;
        PhpReader.Contents contents = read(code);
        assertThat(contents.skipped())
                .extracting(each -> each.line() + " " + each.what() + " " + each.strings())
                .containsExactly("3 if [HOST, dbhost]", "5 else []", "9 define [X, y]", "11 $CONFIG [a, b, deep]");
        assertThat(contents.variables().get("text")).isInstanceOf(PhpValue.Unknown.class);
        assertThat(contents.variables().get("CONFIG"))
                .isEqualTo(new PhpValue.Table(Map.of("known", new PhpValue.Text("yes"))));
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
            $CONFIG = array(~'a' => 'b' 'c' => 'd');     | 3 | expected , or the end of the value, found a string
            $CONFIG = array(~'a' => 'b'~'c' => 'd');     | 4 | expected , or the end of the value, found a string
            $CONFIG = ['a' => ,];                        | 2 | expected a value, found ,
            $CONFIG = ['a' => 'b';                       | 2 | expected ,, found ;
            $CONFIG = ['a' => 'b'                        | 2 | expected ,, found the end of the file
            $CONFIG = ['a' => 'b',                       | 2 | an array that begins here has no end
            $CONFIG = ['a' => 'b');                      | 2 | expected ,, found )
            $CONFIG = ['a' => 'open];~                   | 2 | a string that begins here has no end
            $CONFIG = ['a' => "open];                    | 2 | a string that begins here has no end
            /* open ~$CONFIG = [];                       | 2 | a comment that begins here has no end
            $CONFIG = [];~if (true) {;                   | 3 | a { that is never closed
            $CONFIG = [f(1];                             | 2 | found ] where ( of line 2 is open
            $CONFIG = ['a' => 'b'];~$x                   | 3 | a statement that begins here has no end: $x
            $CONFIG = ['a' => 'b']$x = 1;                | 2 | expected , or the end of the value, found $x
            $CONFIG = ['a' => 'b']                       | 2 | expected ;, found the end of the file
            $x = <<<END~text                             | 2 | a string that begins here has no end
            $x = 09;                                     | 2 | not a number: 09
            """)
    void whatPhpRefusesIsRefusedWithItsLine(String code, int line, String message) throws Exception {
        String lines = "<?php\n" + code.replace('~', '\n');
        Path file = write(lines);
        assertThat(Captured.run(Command.of("php", "-l", file.toString())).status())
                .isNotZero();
        PhpSyntaxException refused = catchThrowableOfType(PhpSyntaxException.class, () -> read(lines));
        assertThat(refused.in(file)).isEqualTo(file + ":" + line + ": " + message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no php at all", "<?", "<?phpx $CONFIG = [];"})
    void aFileWithoutPhpIsRefused(String code) {
        assertThat(catchThrowableOfType(PhpSyntaxException.class, () -> read(code)))
                .hasMessage("no <?php in it");
    }

    @Test
    void arraysNestedWithoutEndAreRefusedRatherThanEndingTheProgram() {
        String code = "<?php $CONFIG = " + "[".repeat(100_000);
        assertThat(catchThrowableOfType(PhpSyntaxException.class, () -> read(code)))
                .hasMessageStartingWith("arrays nested deeper");
    }

    @Test
    void noMessageShowsAString() {
        String code = "<?php\n$CONFIG = ['dbpassword' => 'secret' 'more'];";
        assertThat(catchThrowableOfType(PhpSyntaxException.class, () -> read(code))
                        .getMessage())
                .doesNotContain("secret")
                .doesNotContain("more");
    }

    private PhpReader.Contents read(String code) throws PhpSyntaxException {
        String bytes = new String(code.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        return PhpReader.read(bytes, Map.of("__DIR__", folder.toString()));
    }

    private Path write(String code) throws IOException {
        return Files.writeString(folder.resolve("config.php"), code);
    }

    private static JsonNode askPhp(Path file) throws IOException {
        Captured answer = Captured.run(Command.of(
                "php",
                "-r",
                "ob_start(); include $argv[1]; ob_end_clean(); echo json_encode($CONFIG, JSON_THROW_ON_ERROR);",
                file.toString()));
        assertThat(answer.status()).as(answer.stderr()).isZero();
        return JsonMapper.builder().build().readTree(answer.stdout());
    }

    /** As PHP's json_encode prints it: an array whose keys are 0, 1, 2... is a list. */
    private static JsonNode json(PhpValue value) {
        return JsonMapper.builder().build().valueToTree(plain(value));
    }

    private static Object plain(PhpValue value) {
        if (value instanceof PhpValue.Text text) {
            return text.text();
        }
        if (value instanceof PhpValue.Numeral number) {
            return Integer.valueOf(number.digits());
        }
        if (value instanceof PhpValue.Flag flag) {
            return flag.value();
        }
        if (value instanceof PhpValue.Table table) {
            Map<String, Object> entries = new LinkedHashMap<>();
            table.entries().forEach((key, entry) -> entries.put(key, plain(entry)));
            List<String> indexes = new ArrayList<>();
            for (int i = 0; i < entries.size(); i++) {
                indexes.add(String.valueOf(i));
            }
            return List.copyOf(entries.keySet()).equals(indexes) ? new ArrayList<>(entries.values()) : entries;
        }
        assertThat(value).isInstanceOf(PhpValue.Null.class);
        return null;
    }
}
