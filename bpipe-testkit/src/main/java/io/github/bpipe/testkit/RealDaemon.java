package io.github.bpipe.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A real director with an SQLite catalog, storage daemon and file daemon with the bpipe plugin, from Debian's Bacula
 * packages, on free ports of 127.0.0.1 and in temporary folders; ended by their ids.
 *
 * <p>The names are those that a new Bacula installation has: JobDefs DefaultJob, Storage File1, Pool File, Messages
 * Standard. Every job gets a volume of its own.
 *
 * <p>Seen on 9.6.7, where it differs from Bareos: readers and writers run through {@code /bin/sh -c}; a reader that fails
 * leaves the job good with a warning, so that only a script behind it can fail it; what a reader says on stderr stands in
 * the job log; a writer's output goes to a pipe that nobody reads, so one that prints more than 64 KiB hangs for ever; after
 * a cancel the plugin reads a reader's stderr to its end before it closes the pipe that the reader is writing into, so that
 * both wait for ever where the reader holds its stderr.
 */
public final class RealDaemon implements AutoCloseable {
    /** The client that the director knows. */
    public static final String CLIENT = "test-fd";

    private static final String PASSWORD = "only-on-loopback";
    private static final int JOB_LIMIT_SECONDS = 120;
    private static final Path CATALOG_SQL =
            Path.of("/usr/share/dbconfig-common/data/bacula-director-sqlite3/install/sqlite3");
    private static final Pattern JOB_ID = Pattern.compile("JobId=(\\d+)");
    private static final Pattern STATUS = Pattern.compile("(?m)^\\s*jobstatus: (\\S)", Pattern.CASE_INSENSITIVE);

    private final Path folder = ServerProcess.newFolder("b");
    private final Path snippets = folder.resolve("snippets.conf");
    private final Path console = folder.resolve("console.conf");
    private final List<ServerProcess> processes = new ArrayList<>();
    private final int directorPort = freePort();
    private final int storagePort = freePort();
    private final int clientPort = freePort();

    /**
     * How a job ended.
     *
     * @param status as in the catalog: T for good, W for good with warnings, E and f for failed, A for cancelled
     * @param log all lines of the job
     */
    public record Job(long id, char status, String log) {}

    private RealDaemon() {
        write("sd.conf", storageConfiguration());
        write("fd.conf", clientConfiguration());
        write("console.conf", consoleConfiguration());
        write("snippets.conf", "");
        write("query.sql", "");
        write("dir.conf", directorConfiguration());
        newFolder("volumes");
        newFolder("work");
        makeCatalog();
        start("bacula-sd", "bacula-sd", "sd.conf", storagePort);
        start("bacula-fd", "bacula-fd", "fd.conf", clientPort);
        start("bacula-dir", "bacula-director-sqlite3", "dir.conf", directorPort);
    }

    /** Starts all three daemons. */
    public static RealDaemon start() {
        return new RealDaemon();
    }

    /** The folder with configuration, volumes and catalog. */
    public Path folder() {
        return folder;
    }

    /** Gives the director these resources on top of its own, instead of the former ones. */
    public void configure(String resources) {
        write(snippets.getFileName().toString(), resources);
        Programs.run(Programs.find("bacula-dir", "bacula-director-sqlite3"), "-t", "-c", folder + "/dir.conf")
                .orFail();
        console("reload");
    }

    /** What bconsole prints for these commands. */
    public String console(String... commands) {
        byte[] input = (String.join("\n", commands) + "\nquit\n").getBytes(StandardCharsets.UTF_8);
        List<String> command = List.of(Programs.find("bconsole", "bacula-console"), "-n", "-c", console.toString());
        return Programs.run(command, Map.of(), input).orFail();
    }

    /** Starts a job and does not wait for it; the command must not ask anything. */
    public long begin(String command) {
        String answer = console(command);
        Matcher matcher = JOB_ID.matcher(answer);
        if (!matcher.find()) {
            throw new AssertionError("no job was started: " + answer);
        }
        return Long.parseLong(matcher.group(1));
    }

    /** Runs a job to its end, for example {@code run job=x level=Full yes}. */
    public Job run(String command) {
        return await(begin(command));
    }

    /** Restores the newest backup, for example {@code restorejob=x-restore}; {@code more} may say {@code where=/x}. */
    public Job restore(String fileSet, String more) {
        return run("restore client=" + CLIENT + " fileset=" + fileSet + " select current all done yes " + more);
    }

    /** Waits for the end of a job. */
    public Job await(long id) {
        console("wait jobid=" + id + " timeout=" + JOB_LIMIT_SECONDS);
        Matcher matcher = STATUS.matcher(console("llist jobid=" + id));
        if (!matcher.find()) {
            throw new AssertionError("the catalog has no job " + id);
        }
        return new Job(id, matcher.group(1).charAt(0), console("list joblog jobid=" + id));
    }

    /** Waits until the log of a job that runs holds a text. */
    public void awaitLog(long id, String text) {
        Instant limit = Instant.now().plusSeconds(JOB_LIMIT_SECONDS);
        String log = console("list joblog jobid=" + id);
        while (!log.contains(text)) {
            if (Instant.now().isAfter(limit)) {
                throw new AssertionError("the log of job " + id + " never said " + text + ": " + log);
            }
            log = console("list joblog jobid=" + id);
        }
    }

    /** Cancels a job; when this returns, its file daemon knows. */
    public void cancel(long id) {
        console("cancel jobid=" + id + " yes");
    }

    /** Waits until a job and all processes below the file daemon have ended. */
    public Job awaitNothingLeft(long id) {
        Job job = await(id);
        for (ProcessHandle child : programs()) {
            try {
                child.onExit().get(JOB_LIMIT_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            } catch (ExecutionException | TimeoutException e) {
                throw new AssertionError("after its job was cancelled still runs: " + child.info(), e);
            }
        }
        return job;
    }

    /** The programs that the file daemon runs, and what they run. */
    public List<ProcessHandle> programs() {
        return ProcessHandle.of(processes.get(1).pid()).stream()
                .flatMap(ProcessHandle::descendants)
                .toList();
    }

    @Override
    public void close() {
        for (int i = processes.size() - 1; i >= 0; i--) {
            processes.get(i).stop(false);
        }
        ServerProcess.delete(folder);
    }

    private void start(String program, String debianPackage, String configuration, int port) {
        List<String> command = List.of(
                Programs.find(program, debianPackage),
                "-f",
                "-c",
                folder.resolve(configuration).toString());
        // each in a folder of its own, which ends with it
        ServerProcess process = new ServerProcess(ServerProcess.newFolder("b"), command);
        processes.add(process);
        process.start(() -> accepts(port));
    }

    private void makeCatalog() {
        if (!Files.exists(CATALOG_SQL)) {
            throw new AssertionError("no " + CATALOG_SQL + ": apt-get install bacula-director-sqlite3");
        }
        String database = folder.resolve("work/bacula.db").toString();
        Programs.run(Programs.find("sqlite3", "sqlite3"), database, ".read " + CATALOG_SQL)
                .orFail();
    }

    private String directorConfiguration() {
        return """
                Director {
                  Name = test-dir
                  DIRport = %d
                  DirAddress = 127.0.0.1
                  QueryFile = "%2$s/query.sql"
                  WorkingDirectory = "%2$s/work"
                  PidDirectory = "%2$s/work"
                  Maximum Concurrent Jobs = 4
                  Password = "%3$s"
                  Messages = Standard
                }
                Catalog { Name = MyCatalog; dbname = "bacula"; dbuser = ""; dbpassword = "" }
                Client { Name = %4$s; Address = 127.0.0.1; FDPort = %5$d; Catalog = MyCatalog; Password = "%3$s" }
                Storage {
                  Name = File1; Address = 127.0.0.1; SDPort = %6$d; Password = "%3$s"; Device = Files; Media Type = File
                }
                Pool { Name = File; Pool Type = Backup; Label Format = "Volume-"; Maximum Volume Jobs = 1 }
                Messages { Name = Standard; catalog = all, !skipped, !saved }
                JobDefs {
                  Name = DefaultJob; Type = Backup; Level = Incremental; Client = %4$s; Storage = File1; Pool = File
                  Messages = Standard
                }
                FileSet { Name = idle; Include { File = "%2$s/query.sql" } }
                Job { Name = idle; JobDefs = DefaultJob; FileSet = idle }
                @%2$s/snippets.conf
                """.formatted(directorPort, folder, PASSWORD, CLIENT, clientPort, storagePort);
    }

    private String storageConfiguration() {
        return """
                Storage {
                  Name = test-sd; SDPort = %d; SDAddress = 127.0.0.1
                  WorkingDirectory = "%2$s/work"; Pid Directory = "%2$s/work"
                }
                Director { Name = test-dir; Password = "%3$s" }
                Device {
                  Name = Files; Media Type = File; Archive Device = "%2$s/volumes"; LabelMedia = yes
                  Random Access = yes; AutomaticMount = yes; RemovableMedia = no; AlwaysOpen = no
                }
                Messages { Name = Standard; director = test-dir = all }
                """.formatted(storagePort, folder, PASSWORD);
    }

    private String clientConfiguration() {
        return """
                FileDaemon {
                  Name = %s; FDport = %d; FDAddress = 127.0.0.1; Plugin Directory = /usr/lib/bacula
                  WorkingDirectory = "%3$s/work"; Pid Directory = "%3$s/work"
                }
                Director { Name = test-dir; Password = "%4$s" }
                Messages { Name = Standard; director = test-dir = all, !skipped, !restored }
                """.formatted(CLIENT, clientPort, folder, PASSWORD);
    }

    private String consoleConfiguration() {
        return "Director { Name = test-dir; DIRport = %d; Address = 127.0.0.1; Password = \"%s\" }%n"
                .formatted(directorPort, PASSWORD);
    }

    private void write(String name, String text) {
        try {
            Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void newFolder(String name) {
        try {
            Files.createDirectory(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
