package io.github.bpipe.core.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bpipe.testkit.Programs;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same answers as of the C library, whose functions a file daemon asks. */
class PathPatternTest {
    private static final List<String> NAMES = List.of(
            "/srv/data/alice/cache",
            "/srv/data/alice/cache/x",
            "/srv/data/alice/files/cache",
            "/srv/data/alice/cache\n",
            "/srv/data/a.b/.~lock.x.odt#",
            "/srv/data/aXb/.~lock.x.odt#",
            "/srv/data/[x]/y",
            "/srv/data/\\x",
            "/srv/data/$x",
            "/srv/data/x]",
            "/srv/data/a-b",
            "/srv/data/Ünï",
            "/srv/data/x.log",
            "/srv/data/deep/er/x.log",
            "/srv/database");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "^/srv/data/[^/]+/cache$",
                "^/srv/data/[^/]+/cache",
                "^/srv/data/.*/[.]~lock[.][^/]*#$",
                "^/srv/data/a[.]b/",
                "^/srv/data/[[]x",
                "^/srv/data/[]x]",
                "^/srv/data/[\\]x",
                "^/srv/data/[$]",
                "^/srv/data/\\$x$",
                "^/srv/data/[[:alpha:]-]{3}$",
                "^/srv/data/[a&&b]",
                "^/nowhere|x[.]log$",
                "^/srv/data/Ü",
                "^/srv/data/[^a-z]+$"
            })
    void expressionsAreThoseOfPosix(String expression) {
        for (String name : NAMES) {
            boolean expected = status("printf '%s\\0' \"$1\" | grep -zqE -- \"$2\"", name, expression);
            assertThat(matches(expression, name)).as(name + " " + expression).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*.log",
                "/srv/data/*.log",
                "/srv/*/x.log",
                "/srv/data/?????/cache",
                "/srv/data/[!a]*",
                "/srv/data/[[]x]/y",
                "/srv/data/\\\\x",
                "/srv/data/*#",
                "/srv/data/a[b.]b/*",
                "/srv/data/[$]x",
                "/srv/data*"
            })
    void patternsAreThoseOfTheCLibraryWhereAStarStandsForSlashesToo(String wild) {
        for (String name : NAMES) {
            boolean expected = status("[[ $1 == $2 ]]", name, wild);
            assertThat(matches(wild, name)).as(name + " " + wild).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"^/srv/[a", "^/srv/(a", "/srv/[a*", "^[[:nothing:]]"})
    void whatIsNoPatternIsRefused(String wrong) {
        assertThatThrownBy(() -> PathPattern.of(wrong)).isInstanceOf(IllegalArgumentException.class);
    }

    private static boolean matches(String pattern, String name) {
        String bytes = new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        return PathPattern.of(pattern).matcher(bytes).find();
    }

    private static boolean status(String script, String... arguments) {
        List<String> command = Stream.concat(Stream.of("/bin/bash", "-c", script, "bash"), Stream.of(arguments))
                .toList();
        return Programs.run(command, Map.of("LC_ALL", "C"), new byte[0]).status() == 0;
    }
}
