package io.github.bpipe.packaging;

import io.github.bpipe.config.ConfigMain;
import io.github.bpipe.core.cli.Version;
import io.github.bpipe.reader.ReaderMain;
import io.github.bpipe.writer.WriterMain;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Called by the build: writes everything that is made from the definitions of the programs below one folder. */
public final class WritePackageFiles {
    private final Path folder;
    private final OffsetDateTime date;

    private WritePackageFiles(Path folder, OffsetDateTime date) {
        this.folder = folder;
        this.date = date;
    }

    /** {@code FOLDER DATE MAINTAINER}; the date is that of the version, as in {@code 2026-01-02T03:04:05Z}. */
    public static void main(String[] args) throws IOException {
        new WritePackageFiles(Path.of(args[0]), OffsetDateTime.parse(args[1])).run(args[2]);
    }

    private void run(String maintainer) throws IOException {
        for (CommandSpec program : List.of(ReaderMain.definition(), WriterMain.definition(), ConfigMain.definition())) {
            writeManual(program);
            write("completion/bash/" + program.name(), bashCompletion(program));
            ZshCompletion zsh = new ZshCompletion(program);
            write("completion/zsh/" + zsh.fileName(), zsh.text());
        }
        for (LauncherFrames frame : LauncherFrames.values()) {
            write("frames/" + frame.fileName(), frame.bytes());
        }
        write("debian/changelog.gz", DebianFiles.compressed(DebianFiles.changelog(Version.number(), maintainer, date)));
    }

    /** As picocli makes it, without the first line: a completion is sourced, not run. */
    private static String bashCompletion(CommandSpec program) {
        return AutoComplete.bash(program.name(), program.commandLine()).replaceFirst("^#!.*\n", "");
    }

    private void writeManual(CommandSpec command) throws IOException {
        ManPage page = new ManPage(command, Version.number(), date.toLocalDate().toString());
        write("man/" + page.fileName(), page.text());
        write("debian/man/" + page.fileName() + ".gz", DebianFiles.compressed(page.text()));
        for (CommandLine subcommand : command.subcommands().values()) {
            writeManual(subcommand.getCommandSpec());
        }
    }

    private void write(String name, String text) throws IOException {
        write(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private void write(String name, byte[] bytes) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }
}
