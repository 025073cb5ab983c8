package io.github.bpipe.writer.drill;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.PostgresCreation;
import io.github.bpipe.core.engine.RunAs;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.file.OwnedFolder;
import io.github.bpipe.core.process.Captured;
import io.github.bpipe.core.process.Child;
import io.github.bpipe.core.process.Command;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.writer.target.TargetOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A server that a drill starts for itself: in a private folder, on a unix socket only, without care for its data in a
 * crash. The kernel ends it when our process ends, however that happens; a folder that is left then goes with the next
 * drill.
 */
abstract class DrillServer implements DrillPlace {
    /** The beginning of the folders' names. */
    static final String PREFIX = "bpipe-drill-";

    private static final String ROOT = "root";
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final long PAUSE_MILLIS = 20;
    /** What the path of a unix socket can have, see unix(7). */
    private static final int MAX_SOCKET_BYTES = 107;

    private final DrillSettings settings;
    private final String user;
    private OwnedFolder folder;
    private Child child;
    private String version;
    private String database;
    private boolean closed;

    /**
     * Nothing is made yet.
     *
     * @param users operating-system users that it may run as where we are root, in the order of preference
     */
    DrillServer(DrillSettings settings, List<String> users) throws IOException {
        this.settings = settings;
        this.user = ROOT.equals(System.getProperty("user.name")) ? firstKnown(users) : null;
    }

    /** What it takes on the disk before there is any database. */
    abstract long ownBytes();

    /** Makes the data folder below {@code home}. */
    abstract Command install(Path home);

    /** Runs the server in the foreground. */
    abstract Command server(Path home);

    /** The unix socket. */
    abstract Path socket(Path home);

    /** The signal that ends it at once, with what it has started. */
    abstract String deadlySignal();

    /** What the server says of its version, as the first proof that it takes connections. */
    abstract String askVersion() throws IOException;

    /** How to reach it, as its superuser. */
    abstract Connection connection();

    @Override
    public final void open(Header header) throws IOException {
        find(header.serverVersion());
        database = header.database();
        DrillSpace.require(header, settings.folder(), ownBytes());
        Path home = make();
        launch(home);
        version = awaitReady(socket(home));
    }

    @Override
    public final TargetOptions options() {
        return new TargetOptions(
                connection(), database, false, false, true, true, settings.jobs(), PostgresCreation.RECORDED);
    }

    @Override
    public final boolean isOwn() {
        return true;
    }

    /** Of a server's data, below its private folder. */
    static Path data(Path home) {
        return home.resolve("data");
    }

    /** The private folder of the server. */
    final synchronized Path home() {
        return folder.resolve("server");
    }

    /** An empty one, so that none of ours ({@code ~/.my.cnf}, {@code ~/.pgpass}) leads the clients to another server. */
    final Path optionFile() {
        return home().resolve("client.cnf");
    }

    final DrillSettings settings() {
        return settings;
    }

    /** {@code 10.11.19}: what packagers add is left out. */
    final String version() {
        return version.replaceFirst("[- ].*", "");
    }

    /** Synchronized with the making, so that nothing can be made behind it. */
    @Override
    public final synchronized void close() {
        closed = true;
        if (child != null) {
            end(child);
            child = null;
        }
        if (folder != null) {
            folder.close();
        }
    }

    private synchronized Path make() throws IOException {
        requireOpen();
        folder = OwnedFolder.create(settings.folder(), PREFIX);
        Path home = Files.createDirectory(
                home(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.createFile(
                optionFile(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        if (user != null) {
            // to be passed through by the server's user, who owns only what is inside
            Files.setPosixFilePermissions(folder.path(), PosixFilePermissions.fromString("rwx--x--x"));
            Files.setOwner(
                    home, home.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user));
        }
        requireUsable(home);
        Captured installed = Captured.run(RunAs.wrap(install(home), user));
        if (installed.status() != 0) {
            throw failed("its data folder could not be made", installed.stderr() + installed.stdout());
        }
        return home;
    }

    private void requireUsable(Path home) throws IOException {
        if (socket(home).toString().getBytes(StandardCharsets.UTF_8).length > MAX_SOCKET_BYTES) {
            throw new Failure(
                    ExitCode.USAGE,
                    "the path " + socket(home) + " is too long for a unix socket",
                    "name a folder with a shorter path with --folder or drill.folder in the profile");
        }
        Command enter = Command.of("test", "-w", home.toString());
        if (Captured.run(RunAs.wrap(enter, user)).status() != 0) {
            throw new Failure(
                    ExitCode.TARGET,
                    "the operating-system user " + user + ", whom the server runs as, cannot enter "
                            + settings.folder(),
                    "name another folder with --folder or drill.folder in the profile");
        }
    }

    private synchronized void launch(Path home) throws IOException {
        requireOpen();
        Command server = server(home);
        List<String> words = new ArrayList<>(List.of("--pdeathsig", deadlySignal(), "--", server.program()));
        words.addAll(server.arguments());
        // asked for last, because a change of the user drops it; meant is the thread that starts the child, and that
        // waits
        child = Child.start(RunAs.wrap(new Command("setpriv", words, server.environment()), user));
        child.stdin().close();
    }

    private String awaitReady(Path socket) throws IOException {
        long limit = System.nanoTime() + START_LIMIT.toNanos();
        Failure last = null;
        while (System.nanoTime() < limit) {
            requireAlive();
            if (Files.exists(socket)) {
                try {
                    return askVersion();
                } catch (Failure e) {
                    last = e;
                }
            }
            pause();
        }
        throw failed("it takes no connections", last == null ? "" : last.getMessage());
    }

    private synchronized void requireAlive() throws Failure {
        requireOpen();
        if (!child.isAlive()) {
            throw failed("it ended", child.stderr());
        }
    }

    private void requireOpen() throws Failure {
        if (closed) {
            throw new Failure(ExitCode.INTERRUPTED, "the drill was ended", "run it again");
        }
    }

    private static Failure failed(String how, String said) {
        List<String> lines = said.strip().lines().toList();
        String end = lines.isEmpty()
                ? ""
                : ": " + String.join(" | ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
        return new Failure(
                ExitCode.CONNECT,
                "the throwaway server cannot be used: " + how + end,
                "start the same programs by hand, or drill into a server with --into-server");
    }

    private void end(Child server) {
        ProcessHandle.of(server.pid()).ifPresent(process -> {
            try {
                Captured.run(Command.of("kill", "-s", deadlySignal(), String.valueOf(server.pid())));
                process.onExit().get(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (IOException | java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
                // close kills what is left
                return;
            }
        });
        server.close();
    }

    private static void pause() throws Failure {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(ExitCode.INTERRUPTED, "the drill was ended", "run it again", e);
        }
    }

    private static String firstKnown(List<String> users) throws IOException {
        for (String each : users) {
            if (Captured.run(Command.of("getent", "passwd", "--", each)).status() == 0) {
                return each;
            }
        }
        throw new Failure(
                ExitCode.USAGE,
                "no operating-system user for a throwaway server: none of " + String.join(", ", users),
                "run the drill as an ordinary user, or drill into a server with --into-server");
    }
}
