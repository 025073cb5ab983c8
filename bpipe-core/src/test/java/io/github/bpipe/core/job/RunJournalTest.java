package io.github.bpipe.core.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.core.stream.Trailer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunJournalTest {
    private static final RunSummary SUMMARY = RunSummary.ofStream(
            new Trailer(1, 12, 3_000_000, 3456, 1, "00", Instant.EPOCH), 500_000, Instant.EPOCH, List.of());

    @TempDir
    private Path state;

    private final List<String> warnings = new ArrayList<>();
    private Map<String, String> environment;
    private RunJournal journal;

    @BeforeEach
    void openJournal() {
        environment = Map.of(RunFolder.VARIABLE, state.toString());
        journal = new RunJournal(environment, RunKind.BACKUP, "shop");
    }

    @Test
    void aGoodRunIsReportedInLinesThatNoDaemonCuts() throws IOException {
        RunSummary chatty = RunSummary.ofStream(
                new Trailer(1, 12, 3_000_000, 3456, 1, "00", Instant.EPOCH),
                500_000,
                Instant.EPOCH,
                Collections.nCopies(12, "a warning " + "of many words ".repeat(20)));
        journal.check("7", () -> {});
        journal.run(null, warnings::add, () -> chatty);
        RunReport report = report("7");
        assertThat(report.exitCode()).isZero();
        assertThat(report.lines().get(0))
                .startsWith("bpipe-reader shop: dumped 12 objects, 3,456 rows, 3.0 MB in ")
                .endsWith("/s), 500 kB compressed");
        assertThat(report.lines())
                .allMatch(line -> line.length() <= 120)
                .contains("  consistent as of 1970-01-01T00:00:00Z", "  and 2 more warnings")
                .anyMatch(line -> line.startsWith("  warning: a warning of many words"));
        assertThat(warnings).isEmpty();
    }

    @Test
    void aReportNeverShowsTheSuccessOfAnotherJob() throws IOException {
        journal.check("7", () -> {});
        journal.run(null, warnings::add, () -> SUMMARY);
        journal.check("8", () -> {});
        assertThat(report("8").exitCode()).isEqualTo(ExitCode.NO_RUN.code());
        assertThat(report("8").lines().get(0)).contains("no dump was begun");
        assertThat(report("9").exitCode()).isEqualTo(ExitCode.NO_RUN.code());
        assertThat(report("9").lines().get(0)).contains("no run of job 9 is recorded");
        assertThat(report("7").exitCode()).isZero();
        assertThat(report(null).exitCode()).isEqualTo(ExitCode.NO_RUN.code());
    }

    @Test
    void aRunThatKnowsItsJobTakesTheCheckOfThatJob() throws IOException {
        journal.check("7", () -> {});
        journal.check("8", () -> {});
        journal.run(new Header.Job("fd", "7", "F"), warnings::add, () -> SUMMARY);
        assertThat(report("7").exitCode()).isZero();
        assertThat(report("8").exitCode()).isEqualTo(ExitCode.NO_RUN.code());
        journal.run(new Header.Job("fd", "10", "F"), warnings::add, () -> SUMMARY);
        assertThat(report("10").exitCode()).isZero();
        assertThat(files()).hasSize(3);
    }

    @Test
    void aRunOfAnotherSessionDoesNotTakeTheCheckOfAJob() throws IOException {
        RunFolder folder = RunFolder.of(environment, "shop");
        RunRecord open = RunRecord.open(RunKind.BACKUP, "shop", new Header.Job(null, "7", null));
        RunProcess elsewhere = new RunProcess(1, open.opener().session() + 1, 1);
        folder.add(new RunRecord(
                RunKind.BACKUP,
                "shop",
                open.job(),
                elsewhere,
                open.opened(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null));
        journal.run(null, warnings::add, () -> SUMMARY);
        assertThat(report("7").exitCode()).isEqualTo(ExitCode.NO_RUN.code());
        assertThat(report(null).exitCode()).isZero();
    }

    @Test
    void aFailureIsReportedWithReasonHintAndItsCode() throws IOException {
        Failure failure = new Failure(ExitCode.UNSUITABLE, "the table a\nb is MyISAM", "convert it");
        journal.check("7", () -> {});
        assertThatThrownBy(() -> journal.run(null, warnings::add, () -> {
                    throw failure;
                }))
                .isSameAs(failure);
        assertThat(report("7").exitCode()).isEqualTo(ExitCode.UNSUITABLE.code());
        assertThat(report("7").lines())
                .containsExactly(
                        "bpipe-reader shop: FAILED: the table a\\x0ab is MyISAM (exit code 16)", "  hint: convert it");
    }

    @Test
    void aCheckThatFailsIsReportedLikewise() {
        Failure failure = new Failure(ExitCode.CONNECT, "no server", "start it");
        assertThatThrownBy(() -> journal.check("7", () -> {
                    throw failure;
                }))
                .isSameAs(failure);
        assertThat(reportOrFail("7").exitCode()).isEqualTo(ExitCode.CONNECT.code());
        assertThat(reportOrFail("7").lines().get(0)).contains("the check failed: no server (exit code 10)");
    }

    @Test
    void aRunWhoseProcessIsGoneIsReportedAsKilled() throws IOException {
        RunFolder folder = RunFolder.of(environment, "shop");
        RunRecord begun = RunRecord.open(RunKind.BACKUP, "shop", new Header.Job(null, "7", null))
                .begin(null);
        RunProcess alive = begun.process();
        RunProcess gone = new RunProcess(alive.pid(), alive.session(), alive.started() + 1);
        folder.add(new RunRecord(
                RunKind.BACKUP,
                "shop",
                begun.job(),
                alive,
                begun.opened(),
                gone,
                begun.begun(),
                null,
                null,
                null,
                null,
                null,
                null));
        assertThat(alive.isAlive()).isTrue();
        assertThat(report("7").exitCode()).isEqualTo(ExitCode.INTERRUPTED.code());
        assertThat(report("7").lines().get(0)).contains("the run was killed, or its job was cancelled");
    }

    @ParameterizedTest
    @CsvSource({
        "BACKUP, OUTPUT, writing the stream failed: Broken pipe, cut off",
        "BACKUP, INTERRUPTED, the dump was ended by a signal, cut off",
        "RESTORE, TRUNCATED_STREAM, the input ends within a block, cut off",
        "BACKUP, OUTPUT, writing the stream failed: No space left on device, FAILED",
        "RESTORE, DAMAGED_STREAM, the block 3 is damaged, FAILED",
    })
    void whatEndsLikeACancelledJobIsReportedAsSuch(RunKind kind, ExitCode code, String reason, String how)
            throws IOException {
        Failure failure = new Failure(code, reason, "look");
        assertThatThrownBy(() -> new RunJournal(environment, kind, "shop").run(null, warnings::add, () -> {
                    throw failure;
                }))
                .isSameAs(failure);
        RunReport report = RunReport.of(RunFolder.of(environment, "shop"), kind, "shop", null);
        assertThat(report.lines().get(0)).startsWith(kind.program() + " shop: " + how);
        assertThat(report.exitCode()).isEqualTo(code.code());
    }

    @Test
    void aRestoreJobThatRestoredNoDatabaseIsGood() throws IOException {
        new RunJournal(environment, RunKind.RESTORE, "shop").check("7", () -> {});
        RunReport report = RunReport.of(RunFolder.of(environment, "shop"), RunKind.RESTORE, "shop", "7");
        assertThat(report.exitCode()).isZero();
        assertThat(report.lines()).containsExactly("bpipe-writer shop: this job restored no database");
    }

    @Test
    void aDrillIsReportedWhereItIsTheLastRunOfTheWriterAndFailsWhereItNeverBegan() throws IOException {
        RunFolder folder = RunFolder.of(environment, "shop");
        List<RunKind> kinds = List.of(RunKind.RESTORE, RunKind.DRILL);
        assertThat(folder.latest(kinds, null)).isEqualTo(RunKind.RESTORE);
        new RunJournal(environment, RunKind.RESTORE, "shop").check("7", () -> {});
        RunJournal drills = new RunJournal(environment, RunKind.DRILL, "shop");
        drills.check("8", () -> {});
        assertThat(folder.latest(kinds, null)).isEqualTo(RunKind.DRILL);
        assertThat(folder.latest(kinds, "7")).isEqualTo(RunKind.RESTORE);
        RunReport notBegun = RunReport.of(folder, RunKind.DRILL, "shop", "8");
        assertThat(notBegun.exitCode()).isEqualTo(ExitCode.NO_RUN.code());
        assertThat(notBegun.lines().get(0)).contains("no drill was begun");
        assertThat(folder.ended(RunKind.DRILL)).isEmpty();

        drills.run(null, warnings::add, () -> SUMMARY.drilled(2, List.of()));
        assertThat(RunReport.of(folder, RunKind.DRILL, "shop", "8").lines())
                .anyMatch(line -> line.startsWith("bpipe-writer shop: PROVEN by a drill: "))
                .contains("  own checks that were answered as expected: 2");
        assertThat(folder.ended(RunKind.DRILL)).hasSize(1);
    }

    @Test
    void theFolderIsPrivateAndRemembersTheLastRunsOnly() throws IOException {
        for (int i = 0; i < 53; i++) {
            journal.check(String.valueOf(i), () -> {});
        }
        new RunJournal(environment, RunKind.RESTORE, "shop").check("0", () -> {});
        assertThat(files()).hasSize(51);
        assertThat(report("2").lines().get(0)).contains("no run of job 2");
        assertThat(report("3").lines().get(0)).contains("no dump was begun");
        assertThat(Files.getPosixFilePermissions(state.resolve("shop")))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void aRecordThatCannotBeWrittenIsAWarningForARunAndAFailureForACheck() throws IOException {
        Files.writeString(state.resolve("shop"), "in the way");
        journal.run(null, warnings::add, () -> SUMMARY);
        assertThat(warnings).singleElement().asString().startsWith("this run is not recorded: cannot create");
        assertThatThrownBy(() -> journal.check("7", () -> {}))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("cannot create the folder");
    }

    @Test
    void aDamagedRecordCountsAsNone() throws IOException {
        journal.check("7", () -> {});
        journal.run(null, warnings::add, () -> SUMMARY);
        Files.writeString(files().get(0), "{");
        assertThat(report("7").exitCode()).isEqualTo(ExitCode.NO_RUN.code());
    }

    private RunReport report(String job) throws IOException {
        return RunReport.of(RunFolder.of(environment, "shop"), RunKind.BACKUP, "shop", job);
    }

    private RunReport reportOrFail(String job) {
        try {
            return report(job);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(state.resolve("shop/runs"))) {
            return files.toList();
        }
    }
}
