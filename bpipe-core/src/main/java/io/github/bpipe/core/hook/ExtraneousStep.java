package io.github.bpipe.core.hook;

import io.github.bpipe.core.file.ExcludedFiles;
import io.github.bpipe.core.file.ExtraneousFiles;
import io.github.bpipe.core.file.ExtraneousList;
import io.github.bpipe.core.file.StagedFile;
import io.github.bpipe.core.job.RunFolder;
import io.github.bpipe.core.job.RunKind;
import io.github.bpipe.core.job.RunRecord;
import io.github.bpipe.core.profile.Profile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** {@code extraneous-files}: lists what is there and was not in the backup; removing it is asked for by a command. */
final class ExtraneousStep {
    private final HookJob job;
    private final Consumer<String> log;

    ExtraneousStep(HookJob job, Consumer<String> log) {
        this.job = job;
        this.log = log;
    }

    void run() throws IOException {
        Profile profile = job.profile();
        Optional<RunRecord> run =
                RunFolder.of(job.environment(), profile.name()).newest(RunKind.RESTORE, job.job());
        if (run.isEmpty()) {
            log.accept(
                    "extraneous-files left out: when the restore began is not recorded, which bpipe-writer check does");
            return;
        }
        ExtraneousList list = new ExtraneousList(job.environment(), profile.name());
        try (StagedFile file = new StagedFile(list.file())) {
            OutputStream lines = new BufferedOutputStream(file.out());
            ExtraneousFiles files = new ExtraneousFiles(
                    run.get().opened(), new ExcludedFiles(profile.files().exclude()), lines);
            for (String included : profile.files().include()) {
                look(files, Path.of(included));
            }
            lines.flush();
            file.commit();
            tell(files, list.file());
        }
    }

    private void look(ExtraneousFiles files, Path folder) throws IOException {
        if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) && !files.find(folder)) {
            log.accept("extraneous-files: " + folder + " was not restored by this job, and is not looked at");
        }
    }

    private void tell(ExtraneousFiles files, Path list) {
        log.accept("extraneous-files: " + files.found() + " of " + files.seen()
                + " files and folders are there and did not come back with this restore");
        if (files.found() > 0) {
            files.first().forEach(path -> log.accept("extraneous: " + path));
            log.accept("all of them are in " + list + "; to remove them: bpipe-writer extraneous --remove --profile "
                    + job.profile().name());
        }
    }
}
