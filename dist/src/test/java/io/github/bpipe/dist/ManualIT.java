package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The manual pages and completions say what {@code --help} says, in the shells' and man's own words. */
class ManualIT {
    private static final Path SHARE = Path.of("target/bpipe-toolkit/share").toAbsolutePath();
    private static final Pattern OPTION = Pattern.compile("(?m)^ +(?:-\\w, )?(--[a-z-]+)");
    private static final Pattern COMMANDS = Pattern.compile("(?s)\nCommands:\n(.*?)\n(?:\n|$)");

    /** Every command, as it is typed: {@code bpipe-writer verify}. */
    static List<String> commands() {
        List<String> commands = new ArrayList<>();
        for (Path program : List.of(Installed.READER, Installed.WRITER, Installed.CONFIG)) {
            commands.add(program.getFileName().toString());
            var found = COMMANDS.matcher(help(program.getFileName().toString()) + "\n");
            assertThat(found.find()).isTrue();
            found.group(1)
                    .lines()
                    .filter(line -> line.matches(" {2}[a-z].*"))
                    .forEach(line -> commands.add(
                            program.getFileName() + " " + line.strip().split(" ")[0]));
        }
        return commands;
    }

    private static String help(String command) {
        String[] words = (command + " --help").split(" ");
        Path program = Installed.READER.resolveSibling(words[0]);
        return Installed.run(program, new byte[0], Map.of(), Arrays.copyOfRange(words, 1, words.length))
                .text();
    }

    private static List<String> options(String command) {
        return OPTION.matcher(help(command))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private static Path page(String command) {
        return SHARE.resolve("man/man1/" + command.replace(' ', '-') + ".1");
    }

    @Test
    void everyCommandHasAPageAndEveryPageACommand() throws IOException {
        try (Stream<Path> pages = Files.list(SHARE.resolve("man/man1"))) {
            assertThat(pages)
                    .containsExactlyInAnyOrderElementsOf(
                            commands().stream().map(ManualIT::page).toList());
        }
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aPageReadsAsItShould(String command) {
        Path page = page(command);
        Installed.Answer man = Installed.shell("LC_ALL=C.UTF-8 man --warnings -E UTF-8 -l " + page + " | col -bx");
        assertThat(man.status()).isZero();
        assertThat(man.err()).isEmpty();
        // one line, as if nothing were wrapped or justified
        String text = man.text().replaceAll("\\u2010\\n +", "").replaceAll("\\s+", " ");
        assertThat(text).contains(" NAME ", " SYNOPSIS " + command, " SEE ALSO ");
        assertThat(options(command)).isNotEmpty().allSatisfy(option -> assertThat(text)
                .contains(" " + option));
        for (ExitCode code : ExitCode.values()) {
            assertThat(text).contains(" " + code.code() + " " + code.meaning());
        }
        Installed.Answer lint = Installed.shell("mandoc -T lint -W warning " + page);
        assertThat(lint.text()).isEmpty();
        assertThat(lint.status()).isZero();
    }

    /** {@code compopt} works only while bash completes, so it is one of our own here that does nothing. */
    @ParameterizedTest
    @MethodSource("commands")
    void bashCompletesEveryOption(String command) {
        String program = command.split(" ")[0];
        Installed.Answer answer = Installed.shell("compopt() { :; }; . " + SHARE + "/bash-completion/completions/"
                + program
                + "; COMP_WORDS=(" + command + " --); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _complete_" + program
                + "; printf '%s\\n' \"${COMPREPLY[@]}\"");
        assertThat(answer.err()).isEmpty();
        assertThat(answer.text().lines().map(line -> line.replaceFirst("=$", "").strip()))
                .containsAll(options(command));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void zshCompletesEveryOption(String command) throws IOException {
        // a terminal of its own, because zsh completes only in its line editor
        Installed.Answer answer = Installed.run(
                Path.of("/usr/bin/zsh"),
                new byte[0],
                Map.of("TERM", "dumb"),
                "-fc",
                Files.readString(Path.of("src/test/resources/zsh-complete").toAbsolutePath()),
                "zsh-complete",
                SHARE + "/zsh/site-functions",
                command + " --");
        assertThat(answer.err()).isEmpty();
        assertThat(answer.text().split("\\s+"))
                .as(answer.text())
                .contains(options(command).toArray(String[]::new));
    }

    @Test
    void zshCompletesCommands() throws IOException {
        Installed.Answer answer = Installed.run(
                Path.of("/usr/bin/zsh"),
                new byte[0],
                Map.of("TERM", "dumb"),
                "-fc",
                Files.readString(Path.of("src/test/resources/zsh-complete").toAbsolutePath()),
                "zsh-complete",
                SHARE + "/zsh/site-functions",
                "bpipe-writer ");
        assertThat(answer.text().split("\\s+")).as(answer.text()).contains("verify", "rollback", "report");
    }
}
