package io.github.bpipe.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.job.RunFolder;
import io.github.bpipe.core.job.RunJournal;
import io.github.bpipe.core.job.RunKind;
import io.github.bpipe.core.profile.ProfileLoader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Command;

class HookCommandTest {
    @TempDir
    private Path folder;

    private Map<String, String> environment;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Command(name = "bpipe-reader")
    private static final class Parent {}

    @BeforeEach
    void writeProfile() throws IOException {
        environment = Map.of(
                ProfileLoader.FOLDER_VARIABLE,
                folder.toString(),
                RunFolder.VARIABLE,
                folder.resolve("state").toString());
        Files.writeString(folder.resolve("shop.yaml"), """
                engine: sqlite
                database: /srv/shop.db
                hooks:
                  preBackup: [{command: [/bin/echo, closing, the shop]}]
                  postBackup: [{command: [/bin/sh, -c, "echo no key; exit 9"]}]
                """);
    }

    @Test
    void whatHooksSayIsPrintedAndReportedWithTheRunOfTheirJob() throws IOException {
        RunJournal journal = new RunJournal(environment, RunKind.BACKUP, "shop");
        journal.check("7", () -> {});
        journal.check("8", () -> {});
        assertThat(run("hook", "pre-backup", "--profile", "shop", "--job", "7")).isZero();
        assertThat(text(out)).isEqualTo("pre-backup: /bin/echo ended with status 0\nclosing the shop\n");
        assertThat(run("hook", "post-backup", "--profile", "shop", "--job", "7"))
                .isEqualTo(ExitCode.HOOK.code());
        assertThat(text(err)).contains("error: hook post-backup: /bin/sh ended with status 9", "hint: ");
        out.reset();
        int unused = run("report", "--profile", "shop", "--job", "7");
        assertThat(text(out)).contains("closing the shop", "post-backup: /bin/sh ended with status 9", "no key");
        out.reset();
        unused = run("report", "--profile", "shop", "--job", "8");
        assertThat(text(out)).doesNotContain("shop\n  closing").doesNotContain("no key");
        assertThat(unused).isEqualTo(ExitCode.NO_RUN.code());
    }

    @Test
    void withoutARecordHooksRunAllTheSame() {
        assertThat(run("hook", "pre-backup", "--profile", "shop")).isZero();
        assertThat(text(out)).contains("closing the shop");
        assertThat(text(err)).isEmpty();
    }

    @Test
    void aPointOfTheOtherProgramIsRefused() {
        assertThat(run("hook", "pre-restore", "--profile", "shop")).isEqualTo(ExitCode.USAGE.code());
        assertThat(text(err)).contains("unknown point pre-restore, known are pre-backup, post-backup");
    }

    private int run(String... arguments) {
        Surroundings surroundings = new Surroundings(
                InputStream.nullInputStream(),
                out,
                new PrintStream(err, true, StandardCharsets.UTF_8),
                environment,
                false,
                false);
        Messages messages = new Messages("bpipe-reader", surroundings);
        List<Object> subcommands = List.of(
                new HookCommand(RunKind.BACKUP, surroundings, messages),
                new ReportCommand(surroundings, RunKind.BACKUP));
        return new Program(new Parent(), subcommands, surroundings, messages, failure -> {}).run(arguments);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
