package io.github.bpipe.core.lease;

import io.github.bpipe.core.job.RunFolder;
import io.github.bpipe.core.job.RunProcess;
import io.github.bpipe.core.process.Captured;
import io.github.bpipe.core.process.Command;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Who enforces a deadline when the job does not come back: the timer of the packages where systemd runs it, else a process
 * of its own that sleeps until then.
 */
final class Watchdog {
    private static final Path SYSTEMD = Path.of("/run/systemd/system");
    private static final String TIMER = "bpipe-release.timer";
    /** Sleeps, then becomes the program; a shell, because a sleeping Java takes a hundred times as much memory. */
    private static final String SCRIPT = "sleep \"$1\" && shift && exec \"$@\"";

    private Watchdog() {}

    /** The lease with whoever watches it from now on. */
    static Lease watch(Lease lease, Closing closing) throws IOException {
        dismiss(lease);
        if (timerLooks(closing)) {
            return lease.watchedBy(null);
        }
        Path program = program();
        if (program == null) {
            closing.log("nobody watches its deadline but the next job: started without its launcher");
            return lease.watchedBy(null);
        }
        long seconds =
                Math.max(1, Duration.between(Instant.now(), lease.deadline()).toSeconds() + 1);
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        "setsid",
                        "/bin/sh",
                        "-c",
                        SCRIPT,
                        "bpipe-watchdog",
                        String.valueOf(seconds),
                        program.toString(),
                        "release",
                        "--expired",
                        "--profile",
                        closing.profileFile().toString()))
                .redirectInput(new File("/dev/null"))
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .directory(new File("/"));
        builder.environment().putAll(closing.environment());
        Process process = builder.start();
        return lease.watchedBy(RunProcess.of(process.pid()).orElse(null));
    }

    /** Ends the process that watches a lease, unless that is ourselves. */
    static void dismiss(Lease lease) {
        RunProcess watchdog = lease.watchdog();
        if (watchdog == null || watchdog.pid() == ProcessHandle.current().pid()) {
            return;
        }
        RunProcess.of(watchdog.pid())
                .filter(process -> process.started() == watchdog.started())
                .flatMap(process -> ProcessHandle.of(process.pid()))
                .ifPresent(handle -> {
                    handle.descendants().forEach(ProcessHandle::destroy);
                    handle.destroy();
                });
    }

    /** It looks into the usual folder only. */
    private static boolean timerLooks(Closing closing) throws IOException {
        return RunFolder.stateFolder(closing.environment()).equals(RunFolder.DEFAULT)
                && Files.isDirectory(SYSTEMD)
                && Captured.run(Command.of("systemctl", "--quiet", "is-active", TIMER))
                                .status()
                        == 0;
    }

    /** The launcher beside the folder of our own jar; null where we were not started by it. */
    private static Path program() throws IOException {
        try {
            Path jar = Path.of(Watchdog.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path program = jar.resolveSibling("../bin/bpipe-reader").normalize();
            return Files.isExecutable(program) ? program : null;
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }
}
