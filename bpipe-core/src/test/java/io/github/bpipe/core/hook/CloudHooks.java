package io.github.bpipe.core.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.job.RestoreOutcome;
import io.github.bpipe.core.job.RunFolder;
import io.github.bpipe.core.job.RunJournal;
import io.github.bpipe.core.job.RunKind;
import io.github.bpipe.core.lease.Closing;
import io.github.bpipe.core.lease.LeaseRelease;
import io.github.bpipe.core.process.ProgramRunner;
import io.github.bpipe.core.profile.Profile;
import io.github.bpipe.core.profile.ProfileLoader;
import io.github.bpipe.testkit.Programs;
import io.github.bpipe.testkit.ThrowawayCloud;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs the hooks of a throwaway application's profile, as the programs do. */
final class CloudHooks {
    final ThrowawayCloud cloud;
    private final Path folder;
    private final Path profileFile;
    private String section = "";
    private List<String> lines = List.of();

    CloudHooks(Path folder) throws IOException {
        this.folder = folder.toRealPath();
        this.cloud = new ThrowawayCloud(this.folder);
        this.profileFile = this.folder.resolve("cloud.yaml");
    }

    /** More lines of the section application, indented. */
    CloudHooks with(String more) {
        section = more;
        return this;
    }

    /** Runs these hooks, in the profile's own notation; they must succeed. */
    List<String> run(HookPoint point, String job, String hooks) throws IOException {
        return run(point, job, null, hooks);
    }

    List<String> run(HookPoint point, String job, RestoreOutcome outcome, String hooks) throws IOException {
        HookRunner runner = runner(point, job, outcome, hooks);
        try {
            runner.run(point.of(profile()));
        } finally {
            lines = runner.lines();
        }
        return lines;
    }

    /** Runs these hooks, one of which must fail. */
    Failure failure(HookPoint point, String job, RestoreOutcome outcome, String hooks) {
        Failure failure = catchThrowableOfType(Failure.class, () -> run(point, job, outcome, hooks));
        assertThat(failure).as("failure of " + hooks + ": " + lines).isNotNull();
        assertThat(failure.hint()).isNotBlank();
        return failure;
    }

    /** What the last hooks said. */
    List<String> lines() {
        return lines;
    }

    HookRunner runner(HookPoint point, String job, RestoreOutcome outcome, String hooks) throws IOException {
        String key = point.id().replace("-b", "B").replace("-r", "R");
        Files.writeString(
                profileFile,
                "engine: sqlite\ndatabase: /srv/x.db\nfiles: {include: [" + cloud.root() + ", "
                        + cloud.data() + "], exclude: [" + cloud.data() + "/cloud.log]}\n" + cloud.section(section)
                        + "hooks: {" + key + ": [" + hooks + "]}\n");
        Map<String, String> environment = new HashMap<>(environment());
        if (outcome != null) {
            environment.put(RestoreOutcome.VARIABLE, outcome.word());
        }
        return new HookRunner(new HookJob(point, profile(), profileFile, job, environment));
    }

    /** What bpipe-reader release does; what it says. */
    List<String> release(boolean expired) throws IOException {
        List<String> said = new ArrayList<>();
        LeaseRelease release = new LeaseRelease(new Closing(
                profile(), profileFile, environment(), new ProgramRunner(), Duration.ofMinutes(1), said::add));
        if (expired) {
            release.expired();
        } else {
            release.now();
        }
        return said;
    }

    /** Opens the record of a restore, as bpipe-writer check does. */
    RunJournal restoreJournal(String job) throws IOException {
        RunJournal journal = new RunJournal(environment(), RunKind.RESTORE, "cloud");
        journal.check(job, () -> {});
        return journal;
    }

    /** Edits the lease, as time would. */
    void editLease(String pattern, String replacement) throws IOException {
        Path file = leaseFile();
        String edited = Files.readString(file).replaceFirst(pattern, replacement);
        assertThat(edited).isNotEqualTo(Files.readString(file));
        Files.writeString(file, edited);
    }

    Path leaseFile() {
        return folder.resolve("state/cloud/lease.json");
    }

    Map<String, String> environment() {
        return Map.of(RunFolder.VARIABLE, folder.resolve("state").toString());
    }

    /** Restores the configuration that was saved, as a file daemon does. */
    void restoreConfig(byte[] saved) throws IOException {
        Files.write(cloud.config(), saved);
        Programs.run("chown", ThrowawayCloud.USER, cloud.config().toString()).orFail();
    }

    private Profile profile() throws Failure {
        return new ProfileLoader(Map.of()).load(profileFile.toString());
    }
}
