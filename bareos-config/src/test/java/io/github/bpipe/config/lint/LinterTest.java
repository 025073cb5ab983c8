package io.github.bpipe.config.lint;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.config.parse.ConfigTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LinterTest {
    @TempDir
    private Path folder;

    /** Text that breaks a rule in the given line, and text that looks alike and does not. */
    record Example(Rule rule, int line, String bad, String good) {}

    static Stream<Example> examples() {
        return Stream.of(
                new Example(Rule.SYNTAX, 1, "Job { Name = a", "Job { Name = a }"),
                new Example(Rule.INCLUDE_MISSING, 1, "@/no/such/file", "# @/no/such/file"),
                new Example(Rule.INCLUDE_CYCLE, 1, "@x.conf", "# @x.conf"),
                new Example(Rule.INCLUDE_COMMAND, 1, "@|\"/bin/true\"", "# @|\"/bin/true\""),
                line(Rule.PLUGIN_COLON, "bpipe:file=/a:reader=/bin/cat --h=h:1:writer=/bin/cat", GOOD),
                line(Rule.PLUGIN_COLON, "bpipe:/a:/bin/cat:/bin/cat:x", "bpipe:/a:/bin/cat:/bin/cat"),
                line(Rule.PLUGIN_SHELL, plugin("/bin/cat a | /bin/gzip"), plugin("/bin/sh -c 'cat a'")),
                line(Rule.PLUGIN_SHELL, plugin("/bin/cat $HOME/x"), plugin("/bin/cat home$")),
                line(Rule.PLUGIN_SHELL, plugin("/bin/cat a 2>/dev/null"), plugin("/bin/cat a=b")),
                line(Rule.PLUGIN_SHELL, plugin("LANG=C /bin/cat a"), plugin("/usr/bin/env LANG=C cat a")),
                line(
                        Rule.PLUGIN_SHELL,
                        plugin("exec /bin/cat a 2>/dev/null"),
                        "bpipe:/a:exec /bin/cat a 2>/dev/null:exec /bin/cat a >/dev/null 2>&1"),
                line(Rule.PLUGIN_QUOTE, plugin("/bin/cat --o='a b'"), plugin("/bin/cat '--o=a b'")),
                line(Rule.PLUGIN_ARGUMENTS, plugin("/bin/cat" + " a".repeat(98)), plugin("/bin/cat" + " a".repeat(97))),
                line(Rule.PLUGIN_FILE, "bpipe:file=a:reader=/bin/cat:writer=/bin/cat", GOOD),
                line(Rule.PLUGIN_FILE, "bpipe:reader=/bin/cat:writer=/bin/cat", GOOD),
                line(Rule.PLUGIN_PAIR, "bpipe:file=/a:reader=/bin/cat", GOOD),
                line(Rule.PLUGIN_PAIR, "bpipe:file=/a:writer=/bin/cat", GOOD),
                line(Rule.PLUGIN_PATH, plugin("cat a"), plugin("/bin/cat a")),
                line(
                        Rule.PIPELINE,
                        plugin("/bin/sh -c 'cat a | gzip'"),
                        plugin("/bin/bash -c 'set -o pipefail; cat a | gzip'")),
                line(Rule.SECRET, plugin("/bin/cat --password=hunter2"), plugin("/bin/cat --password-file=/x")),
                line(Rule.SECRET, plugin("/usr/bin/mysqldump --single-transaction -uroot -phunter2"), GOOD),
                line(Rule.SECRET, plugin("/usr/bin/env PGPASSWORD=hunter2 pg_dump"), plugin("/bin/cat PGUSER=x")),
                script(
                        Rule.SECRET,
                        "Run Before Job = \"/bin/true MYSQL_PWD=hunter2\"",
                        "Run Before Job = \"/bin/true\""),
                new Example(
                        Rule.DUPLICATE_FILE,
                        4,
                        fileSet("Plugin = \"" + GOOD + "\"\nPlugin = \"" + GOOD + "\""),
                        fileSet("Plugin = \"" + GOOD + "\"\nPlugin = \"" + GOOD.replace("/a", "/b") + "\"")),
                new Example(
                        Rule.FILES_AFTER_BPIPE,
                        5,
                        fileSet("Plugin = \"" + GOOD + "\"\n}\nInclude { File = /etc"),
                        fileSet("File = /etc\n}\nInclude { Plugin = \"" + GOOD + "\"")),
                new Example(
                        Rule.COMPRESSED_TWICE,
                        3,
                        fileSet("Options { Compression = LZ4 }\nPlugin = \""
                                + plugin("/usr/bin/bpipe-reader --profile a") + "\""),
                        fileSet("Options { Compression = LZ4 }\nPlugin = \"" + GOOD + "\"")),
                new Example(
                        Rule.ACCURATE_SUFFIX,
                        3,
                        fileSet("Plugin = \"" + GOOD + ":usesuffix=yes\"")
                                + "Job { FileSet = f; JobDefs = d }\nJobDefs { Name = d; Accurate = yes }",
                        fileSet("Plugin = \"" + GOOD + ":usesuffix=yes\"") + "Job { FileSet = f; Accurate = no }"),
                new Example(
                        Rule.WHERE_IGNORED,
                        6,
                        fileSet("Plugin = \"" + GOOD + "\"") + restoreJob("/tmp/x"),
                        fileSet("Plugin = \"" + GOOD + "\"") + restoreJob("/")),
                new Example(
                        Rule.WHERE_IGNORED,
                        6,
                        fileSet("Plugin = \"" + GOOD + "\"") + restoreJob("/tmp/x"),
                        fileSet("Plugin = \"" + GOOD + " --where=%w\"") + restoreJob("/tmp/x")),
                script(Rule.LEFT_CLOSED, CLOSE, CLOSE + open("yes")),
                script(Rule.LEFT_CLOSED, CLOSE + open("no"), CLOSE + open("yes")),
                script(
                        Rule.LEFT_CLOSED,
                        CLOSE + open("no").replace("Runs On Failure = no;", ""),
                        CLOSE + open("yes").replace("Runs On", "Runs On Success = yes; Runs On")),
                script(
                        Rule.LEFT_CLOSED,
                        CLOSE + "JobDefs = none",
                        CLOSE + "JobDefs = d\n}\nJobDefs { Name = d\n" + open("yes")),
                script(
                        Rule.LEFT_CLOSED,
                        "Client Run Before Job = \"/bin/systemctl stop a\"\nClient Run After Job = \"/bin/systemctl start a\"",
                        "Client Run Before Job = \"/bin/systemctl stop a\"\nRun After Failed Job = \"/bin/systemctl start a\""
                                + "\nClient Run After Job = \"/bin/systemctl start a\""),
                new Example(Rule.WHERE_RESERVED, 2, restoreJob("/bpipe/dril"), restoreJob("/bpipe/drill")),
                script(
                        Rule.CONSOLE_COMMAND,
                        "RunScript { Runs When = Before; Console = \"restore client=c current all done yes\" }",
                        "RunScript { Runs When = Before; Console = \"prune stats yes\" }"),
                script(
                        Rule.RUNS_WHEN,
                        "RunScript { Command = \"/bin/true\" }",
                        "RunScript { RunsWhen = After; Command = \"/bin/true\" }"),
                line(
                        Rule.NO_TRANSACTION,
                        plugin("/usr/bin/mysqldump db"),
                        plugin("/usr/bin/mysqldump --single-transaction db")),
                line(Rule.PROGRAM_MISSING, plugin("/no/such/program"), plugin("/bin/cat")),
                script(Rule.PROGRAM_MISSING, "Run Before Job = \"/etc/passwd\"", "Run Before Job = \"/bin/true\""));
    }

    private static final String GOOD = "bpipe:file=/a:reader=/bin/cat:writer=/bin/cat";
    private static final String CLOSE =
            "RunScript { Runs When = Before; Command = \"/bin/php /srv/occ maintenance:mode --on\" }\n";

    @ParameterizedTest
    @MethodSource("examples")
    void aRuleFindsWhatItIsForAndNothingElse(Example example) throws IOException {
        assertThat(lint(example.bad()))
                .filteredOn(finding -> finding.rule() == example.rule())
                .hasSize(1)
                .allSatisfy(finding -> assertThat(finding.at().line()).isEqualTo(example.line()))
                .allSatisfy(finding -> assertThat(finding.message()).doesNotContain("hunter2"));
        assertThat(lint(example.good())).extracting(Finding::rule).doesNotContain(example.rule());
    }

    @Test
    void everyRuleHasAnExampleAndALineInTheDocumentation() throws IOException {
        // shown by the parser's own test, because it takes a folder
        assertThat(examples().map(Example::rule)).containsAll(EnumSet.complementOf(EnumSet.of(Rule.NO_CONFIGURATION)));
        String documentation = Files.readString(Path.of("../docs/bareos.md"));
        assertThat(Arrays.stream(Rule.values()).map(LinterTest::row))
                .allSatisfy(row -> assertThat(documentation).contains(row));
    }

    @Test
    void nothingIsFoundInGoodConfiguration() throws IOException {
        assertThat(lint(fileSet("Plugin = \"" + GOOD + "\""))).isEmpty();
    }

    private List<Finding> lint(String text) throws IOException {
        return Linter.lint(ConfigTree.read(List.of(Files.writeString(folder.resolve("x.conf"), text + "\n"))));
    }

    private static String row(Rule rule) {
        return "| `" + rule.id() + "` | " + rule.severity() + " | " + rule.meaning() + " | " + rule.fix() + " |";
    }

    private static Example line(Rule rule, String bad, String good) {
        return new Example(rule, 3, fileSet("Plugin = \"" + bad + "\""), fileSet("Plugin = \"" + good + "\""));
    }

    private static Example script(Rule rule, String bad, String good) {
        return new Example(rule, 2, "Job { Name = j; Type = Backup\n" + bad + "\n}", "Job { Name = j\n" + good + "\n}");
    }

    private static String plugin(String reader) {
        return "bpipe:file=/a:reader=" + reader + ":writer=/bin/cat";
    }

    private static String fileSet(String inInclude) {
        return "FileSet { Name = f\nInclude {\n" + inInclude + "\n} }\n";
    }

    private static String open(String onFailure) {
        return "RunScript { Runs When = After; Runs On Failure = " + onFailure
                + "; Command = \"/bin/php /srv/occ maintenance:mode --off\" }\n";
    }

    private static String restoreJob(String where) {
        return "Job { Name = r; Type = Restore; Client = c; FileSet = none\nWhere = " + where
                + "\n}\nJob { Name = b; Client = c; FileSet = f }\n";
    }
}
