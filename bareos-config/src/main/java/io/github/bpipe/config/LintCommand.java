package io.github.bpipe.config;

import io.github.bpipe.config.lint.Finding;
import io.github.bpipe.config.lint.Linter;
import io.github.bpipe.config.lint.Severity;
import io.github.bpipe.config.parse.ConfigTree;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.stream.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bareos-config lint}: what bites people in existing configuration. */
@Command(
        name = "lint",
        mixinStandardHelpOptions = true,
        description = "Reads Bareos or Bacula configuration and reports, with file, line and a fix, what makes backups"
                + " or restores fail. Exit status 1 when there are errors.")
final class LintCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "FILE-OR-DIR", description = "Files, and folders with *.conf files below.")
    private List<Path> paths;

    @Option(names = "--json", description = "Print the findings as JSON.")
    private boolean json;

    @Spec
    private CommandSpec command;

    /** What {@code --json} prints of each finding. */
    private record Line(String file, int line, Severity severity, String rule, String message, String fix) {
        static Line of(Finding finding) {
            return new Line(
                    finding.at().file().toString(),
                    finding.at().line(),
                    finding.rule().severity(),
                    finding.rule().id(),
                    finding.message(),
                    finding.rule().fix());
        }
    }

    @Override
    public Integer call() throws IOException {
        List<Finding> findings = Linter.lint(ConfigTree.read(paths));
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            out.println(Json.pretty(findings.stream().map(Line::of).toList()));
        } else {
            findings.forEach(finding -> print(out, finding));
            out.println(
                    count(findings, Severity.ERROR) + " errors, " + count(findings, Severity.WARNING) + " warnings");
        }
        out.flush();
        return (count(findings, Severity.ERROR) > 0 ? ExitCode.FINDINGS : ExitCode.OK).code();
    }

    private static void print(PrintWriter out, Finding finding) {
        out.println(finding.at() + ": " + finding.rule().severity() + ": " + finding.message() + " ["
                + finding.rule().id() + "]");
        out.println("hint: " + finding.rule().fix());
    }

    private static long count(List<Finding> findings, Severity severity) {
        return findings.stream()
                .filter(finding -> finding.rule().severity() == severity)
                .count();
    }
}
