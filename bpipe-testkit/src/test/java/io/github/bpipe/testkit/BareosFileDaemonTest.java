package io.github.bpipe.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The double does what was observed of the daemon, shown with the simplest programs. */
class BareosFileDaemonTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            value = {
                "/x  a   b => [/x, a, b]",
                "/x 'a b' \"c d\" => [/x, a b, c d]",
                "/x --o='a b' => [/x, --o='a, b']",
                "/x '' c => [/x, , c]",
                "/x $HOME * { } ; # = a|b > c => [/x, $HOME, *, {, }, ;, #, =, a|b, >, c]",
                "/x 'a\\' b => [/x, a\\, b]",
            })
    void splitsAtSpacesAndKnowsQuotesAtTheBeginningOfAWordOnly(String command, String words) {
        assertThat(BareosWords.split(command)).hasToString(words);
    }

    @Test
    void passesOnNinetyEightWords() {
        assertThat(BareosWords.split("/x" + " a".repeat(200))).hasSize(98);
    }

    @Test
    void joinsQuotedStringsAndStripsBackslashesTwice() {
        assertThat(BareosWords.values("Plugin = \"bpipe:file=/a\"\n  \":reader=/x \\\\\\\\n\"\nFile = /b\n", "Plugin"))
                .containsExactly("bpipe:file=/a:reader=/x \\\\n");
        assertThat(BareosWords.options("bpipe:file=/a:reader=/x \\\\n").get(1)).containsExactly("reader", "/x \\n");
        assertThatThrownBy(() -> BareosWords.options("bpipe:/a:/x h:3306:/y")).hasMessageContaining("without a name");
    }

    @ParameterizedTest
    @CsvSource({
        "20, |, /tmp/w n|",
        "24, |, /tmp/w n|",
        "25, 7|, /tmp/w n|",
        "26, 7|, %w %r|/tmp/w",
    })
    void tellsAProgramWhatItsVersionTells(int version, String reader, String writer) throws IOException {
        String fileSet = plugin(
                script("r", "echo -n \"$BareosJobId|\""),
                script("w", "cat >/dev/null; echo -n \"$*|$BareosWhere\"") + " %w %r");
        BareosFileDaemon.Job backup = daemon(version).backup(7, fileSet, "");
        assertThat(backup.good()).isTrue();
        assertThat(backup.saved().get("/a").data())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(reader);
        assertThat(daemon(version).restore(8, "", backup.saved(), "/tmp/w", 'n').good())
                .isTrue();
        assertThat(folder.resolve("stderr")).content().isEqualTo(writer);
    }

    @ParameterizedTest
    @CsvSource({"/bin/false, 268435457, false", "/no/such/program, 268435583, false", "/bin/true, '', true"})
    void aReaderThatFailsFailsTheJobAndOneWithoutOutputDoesNot(String reader, String log, boolean good) {
        BareosFileDaemon.Job job = daemon(25).backup(1, plugin(reader, "/bin/cat"), "");
        assertThat(job.good()).isEqualTo(good);
        assertThat(job.log()).contains(log);
        assertThat(job.saved()).hasSize(good ? 1 : 0);
    }

    @Test
    void aCancelledJobClosesThePipeAndSendsNoSignal() {
        String endless = plugin("/usr/bin/yes", "/bin/cat");
        BareosFileDaemon.Job job = daemon(25).backup(1, endless, "", 1);
        assertThat(job.good()).isFalse();
        assertThat(job.log()).as("yes meets EPIPE and exits 1").contains("268435457");
        assertThat(folder.resolve("stderr")).content().contains("Broken pipe");
    }

    @Test
    void aWriterThatStopsReadingBreaksThePipeOfBigDataOnly() {
        Map<String, BareosFileDaemon.Saved> big = Map.of(
                "/a", new BareosFileDaemon.Saved("bpipe:file=/a:reader=/bin/cat:writer=/bin/true", new byte[1 << 20]));
        assertThat(daemon(25).restore(1, "", big, "/", 'a').log()).contains("Broken pipe");
        Map<String, BareosFileDaemon.Saved> small = Map.of(
                "/a",
                new BareosFileDaemon.Saved("bpipe:file=/a:reader=/bin/cat:writer=/usr/bin/head -c 1", new byte[10]));
        assertThat(daemon(25).restore(1, "", small, "/", 'a').good()).isTrue();
    }

    private BareosFileDaemon daemon(int version) {
        return new BareosFileDaemon(version, folder.resolve("stderr"), Map.of());
    }

    private String script(String name, String command) throws IOException {
        Path program = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + command);
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return program.toString();
    }

    private static String plugin(String reader, String writer) {
        return "Plugin = \"bpipe:file=/a:reader=" + reader + ":writer=" + writer + "\"\n";
    }
}
