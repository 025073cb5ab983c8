package io.github.bpipe.config.lint;

import static io.github.bpipe.config.lint.Severity.ERROR;
import static io.github.bpipe.config.lint.Severity.NOTE;
import static io.github.bpipe.config.lint.Severity.WARNING;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The table of rules; docs/bareos.md shows the same. */
public enum Rule {
    SYNTAX(ERROR, "the file cannot be read as the daemon reads it", "correct that line; bareos-dir -t tells more"),
    INCLUDE_MISSING(ERROR, "an included file is missing", "correct the path, or remove the line"),
    INCLUDE_CYCLE(ERROR, "a file includes itself", "remove one of the @ lines"),
    INCLUDE_COMMAND(
            NOTE, "configuration that a program prints is not looked at", "lint the program's output in a file"),
    NO_CONFIGURATION(
            NOTE,
            "a file in a folder that does not begin with a resource is left out",
            "name the file itself to have it looked at, or give it another ending than .conf"),
    PLUGIN_COLON(
            ERROR,
            "a colon inside a bpipe value, where the plugin ends the value",
            "move what needs the colon (host:port, a URL) into a profile, an option file or a script"),
    PLUGIN_SHELL(
            ERROR,
            "shell syntax in a bpipe command, which runs without a shell",
            "use bpipe-reader and bpipe-writer, or a script of your own that begins with set -o pipefail"),
    PLUGIN_QUOTE(
            ERROR,
            "a quote in the middle of a word, which the daemon takes literally",
            "quote the whole word, from its beginning: '--option=a b'"),
    PLUGIN_ARGUMENTS(
            ERROR, "more words than the daemon passes on", "move the options into a profile or an option file"),
    PLUGIN_FILE(
            ERROR,
            "the name in the catalog is missing or does not begin with a slash",
            "give every Plugin line its file=/bpipe/NAME"),
    PLUGIN_PAIR(
            ERROR,
            "a reader without a writer, or the reverse: the missing one is taken over from the line before, or fails",
            "give file, reader and writer on every Plugin line"),
    PLUGIN_PATH(WARNING, "a program without its full path: the daemon's PATH is not yours", "write the full path"),
    PIPELINE(
            WARNING,
            "a pipeline in a shell: the failure of its first program is lost",
            "use bpipe-reader, or begin the shell's command with set -o pipefail (bash)"),
    SECRET(
            ERROR,
            "a secret that every console, catalog dump and process list shows",
            "change that password, and name an option file with mode 0600 instead"),
    DUPLICATE_FILE(
            ERROR,
            "two Plugin lines of one FileSet under the same name: the second hides the first",
            "give each line a file= of its own"),
    FILES_AFTER_BPIPE(
            ERROR,
            "files in an Include behind one with a bpipe line: restoring both in one job fails",
            "put the bpipe lines into the last Include, or into the same one"),
    COMPRESSED_TWICE(
            WARNING,
            "the file daemon compresses a stream that is compressed already: slower, not smaller",
            "remove Compression from this Include, or move the bpipe line to an Include of its own"),
    ACCURATE_SUFFIX(
            ERROR,
            "usesuffix=yes together with Accurate: Accurate removes the earlier parts of the chain from a restore",
            "set Accurate = no for this job, or give the chain a FileSet and Job of its own"),
    WHERE_IGNORED(
            ERROR,
            "a restore Job with a Where that a writer does not learn: it overwrites the live database",
            "use bpipe-writer with --where=%w --replace=%r"),
    WHERE_RESERVED(
            ERROR,
            "a Where below /bpipe that bpipe-writer does not know, and refuses",
            "write /bpipe/drill, /bpipe/into/NAME or /bpipe/only/TABLE, or a folder elsewhere"),
    CONSOLE_COMMAND(
            ERROR,
            "a Console command that daemons refuse in a RunScript: run and restore",
            "pipe it into bconsole with a Command on the director, or generate the drill with bareos-config"),
    LEFT_CLOSED(
            ERROR,
            "a Before script closes something that no After script opens again when the job fails",
            "add a RunScript with Runs When = After, Runs On Success = yes and Runs On Failure = yes"),
    RUNS_WHEN(ERROR, "a RunScript without Runs When never runs", "add Runs When = Before or Runs When = After"),
    NO_TRANSACTION(
            WARNING,
            "mysqldump without --single-transaction: tables of different moments, or a locked application",
            "use bpipe-reader, or add --single-transaction"),
    PROGRAM_MISSING(
            WARNING,
            "a program that does not exist or is not executable on this host",
            "install it, correct its path, or run lint on the client itself");

    private final Severity severity;
    private final String meaning;
    private final String fix;

    Rule(Severity severity, String meaning, String fix) {
        this.severity = severity;
        this.meaning = meaning;
        this.fix = fix;
    }

    /** As in the output and the documentation: {@code plugin-colon}. */
    @JsonValue
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public Severity severity() {
        return severity;
    }

    public String meaning() {
        return meaning;
    }

    /** The next step for whoever meets it. */
    public String fix() {
        return fix;
    }
}
