package io.github.bpipe.config.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bpipe.core.error.Failure;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PluginLineTest {
    private static final List<String> WRITER =
            List.of("/usr/bin/bpipe-writer", "--profile", "a", "--where=%w", "--replace=%r");

    @Test
    void bareosGetsEveryOptionByNameAndBaculaByPlaceForAShell() throws Failure {
        PluginLine line = new PluginLine("/bpipe/a", List.of("/usr/bin/bpipe-reader", "--profile", "b c"), WRITER);
        assertThat(line.named())
                .isEqualTo("bpipe:file=/bpipe/a:reader=/usr/bin/bpipe-reader --profile 'b c'"
                        + ":writer=/usr/bin/bpipe-writer --profile a --where=%w --replace=%r");
        assertThat(line.positional())
                .isEqualTo("bpipe:/bpipe/a:exec /usr/bin/bpipe-reader --profile 'b c' 2>/dev/null"
                        + ":exec /usr/bin/bpipe-writer --profile a '--where=%w' '--replace=%r' >/dev/null 2>&1");
    }

    @Test
    void whatIsWrittenIsReadBackAsThePluginDoes() throws Failure {
        PluginLine line = new PluginLine("/bpipe/a\\b", List.of("/opt/r e/x", "\\n", "it's"), WRITER);
        for (String written : List.of(line.named(), line.positional())) {
            PluginString read = PluginString.parse(written).orElseThrow();
            assertThat(read.strays()).isEmpty();
            assertThat(read.get(PluginString.FILE)).isEqualTo("/bpipe/a\\b");
            assertThat(read.get(PluginString.READER)).contains("/opt/r e/x", "\\n");
        }
        PluginString read = PluginString.parse(line.named()).orElseThrow();
        assertThat(DaemonWords.split(read.get(PluginString.READER))).containsExactly("/opt/r e/x", "\\n", "it's");
        assertThat(DaemonWords.split(read.get(PluginString.WRITER))).isEqualTo(WRITER);
    }

    @ParameterizedTest
    @CsvSource({
        "/bpipe/a, /bin/x, a:b, cannot hold a colon",
        "/bpipe:a, /bin/x, y, cannot hold a colon",
        "bpipe/a, /bin/x, y, must begin with a slash",
        "/bpipe/a, x, y, needs its full path",
        "/bpipe/a, /bin/x, 100%w, a percent sign",
    })
    void refusesWhatThePluginCannotExpress(String file, String program, String argument, String message) {
        PluginLine line = new PluginLine(file, List.of(program, argument), WRITER);
        assertThatThrownBy(line::named).isInstanceOf(Failure.class).hasMessageContaining(message);
        assertThatThrownBy(line::positional).isInstanceOf(Failure.class).hasMessageContaining(message);
    }

    @Test
    void aColonInAValueIsAStrayInEveryFormAndNoBackslashSavesItInTheNamedOne() {
        assertThat(PluginString.parse("bpipe:file=/a:reader=/x --host h:3306:writer=/y")
                        .orElseThrow()
                        .strays())
                .containsExactly("3306");
        assertThat(PluginString.parse("bpipe:file=/a:reader=/x h\\:3306:writer=/y")
                        .orElseThrow()
                        .strays())
                .containsExactly("3306");
        PluginString positional =
                PluginString.parse("bpipe:/a:/x h\\:3306:/y:z").orElseThrow();
        assertThat(positional.get(PluginString.READER)).isEqualTo("/x h:3306");
        assertThat(positional.strays()).containsExactly("z");
        assertThat(PluginString.parse("python:module_path=/x")).isEmpty();
    }
}
