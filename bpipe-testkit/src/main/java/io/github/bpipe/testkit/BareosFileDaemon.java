package io.github.bpipe.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A double of Bareos' own file daemon: runs the jobs of a configuration's text with its bpipe plugin, for a version of it.
 *
 * <p>As observed on releases 20 to 25.1 and the coming 26: programs are run without a shell, with SIGPIPE ignored; their
 * stderr and the writer's stdout go to the daemon's own stderr and never into the job log; options leak from one Plugin line
 * to the next; nothing follows a program that failed; a cancelled job sends no signal, it closes the pipe.
 */
public final class BareosFileDaemon {
    private static final int JOB_ENVIRONMENT = 25;
    private static final int WHERE_ENVIRONMENT = 26;
    private static final int EXIT = 1 << 28;
    private static final int LOG_WIDTH = 127;
    private static final int READ_BYTES = 256 << 10;
    private static final long LIMIT_SECONDS = 120;

    private final int version;
    private final Path stderr;
    private final Map<String, String> environment;

    /** What a job saved under a name, with the line that a restore will need. */
    public record Saved(String definition, byte[] data) {}

    /**
     * How a job ended.
     *
     * @param saved by the name in the catalog; empty where the job failed, or restored
     */
    public record Job(boolean good, String log, Map<String, Saved> saved) {}

    /**
     * Starts a daemon.
     *
     * @param version of Bareos, the first number
     * @param stderr its journal
     * @param environment on top of what a daemon has
     */
    public BareosFileDaemon(int version, Path stderr, Map<String, String> environment) {
        this.version = version;
        this.stderr = stderr;
        this.environment = Map.copyOf(environment);
    }

    /**
     * Runs a backup.
     *
     * @param id of the job
     * @param fileSet its text
     * @param job its text; may be empty
     */
    public Job backup(long id, String fileSet, String job) {
        return backup(id, fileSet, job, Long.MAX_VALUE);
    }

    /** Runs a backup that is cancelled when so many bytes of the first database have been read. */
    public Job backup(long id, String fileSet, String job, long cancelledAfterBytes) {
        Run run = new Run(id, "B", "F", "", ' ', job);
        Map<String, String> options = new HashMap<>();
        Map<String, Saved> saved = new LinkedHashMap<>();
        if (run.scripts("Before")) {
            for (String definition : BareosWords.values(fileSet, "Plugin")) {
                if (run.failed) {
                    break;
                }
                learn(options, definition);
                String name = options.get("file");
                if (saved.put(name, new Saved(definition, run.read(options, cancelledAfterBytes))) != null) {
                    throw new AssertionError("two lines with file=" + name);
                }
            }
        }
        run.scripts("After");
        return run.end(saved);
    }

    /**
     * Restores what a backup saved.
     *
     * @param job text of the restore Job
     * @param where chosen in the console, or null for that of the Job
     * @param replace a, n, w or o
     */
    public Job restore(long id, String job, Map<String, Saved> saved, String where, char replace) {
        String chosen = where != null ? where : BareosWords.values(job, "Where").get(0);
        Run run = new Run(id, "R", " ", chosen.equals("/") ? "" : chosen, replace, job);
        if (run.scripts("Before")) {
            Map<String, String> options = new HashMap<>();
            for (Saved stream : saved.values()) {
                if (run.failed) {
                    break;
                }
                learn(options, stream.definition());
                run.write(options, stream.data());
            }
        }
        run.scripts("After");
        return run.end(Map.of());
    }

    private static void learn(Map<String, String> options, String definition) {
        for (String[] option : BareosWords.options(definition)) {
            if (!List.of("file", "reader", "writer").contains(option[0])) {
                throw new AssertionError("an option that every version knows: " + option[0]);
            }
            options.put(option[0], option[1]);
        }
        if (!options.get("file").startsWith("/")) {
            throw new AssertionError("no slash at the beginning of file=" + options.get("file"));
        }
    }

    /** One job that runs. */
    private final class Run {
        private final long id;
        private final String level;
        private final String where;
        private final char replace;
        private final String job;
        private final Map<String, String> variables = new HashMap<>(environment);
        private final StringBuilder log = new StringBuilder();
        private boolean failed;

        Run(long id, String type, String level, String where, char replace, String job) {
            this.id = id;
            this.level = level;
            this.where = where;
            this.replace = replace;
            this.job = job;
            if (version >= JOB_ENVIRONMENT) {
                variables.put("BareosClientName", "double-fd");
                variables.put("BareosJobId", String.valueOf(id));
                variables.put("BareosJobLevel", level);
                variables.put("BareosSinceTime", "0");
                variables.put("BareosJobType", type);
            }
            if (version >= WHERE_ENVIRONMENT) {
                variables.put("BareosWhere", where);
                variables.put("BareosReplace", String.valueOf(replace));
            }
        }

        Job end(Map<String, Saved> saved) {
            // a job that failed has no files in the catalog
            return new Job(!failed, log.toString(), failed ? Map.of() : saved);
        }

        /** Runs the scripts of a moment; false where one fails, so that nothing comes after it. */
        boolean scripts(String when) {
            for (String script : BareosWords.blocks(job, "RunScript")) {
                boolean applies = BareosWords.values(script, "Runs When").contains(when)
                        && (!failed
                                || BareosWords.values(script, "Runs On Failure").contains("yes"));
                if (applies
                        && !script(when, BareosWords.values(script, "Command").get(0))) {
                    failed = true;
                    if (when.equals("Before")) {
                        return false;
                    }
                }
            }
            return true;
        }

        private boolean script(String when, String command) {
            String text = command.replaceAll("%%", "\0")
                    .replaceAll("%i", String.valueOf(id))
                    .replaceAll("%l", level)
                    // as the source of Bareos says it at the end of a job (job_status_to_str)
                    .replaceAll("%e", failed ? "Error" : "OK")
                    .replace('\0', '%');
            // none of a job's variables reaches a script
            ProcessBuilder builder = builder(text, environment).redirectErrorStream(true);
            Process process = start(
                    builder.redirectInput(Redirect.from(Path.of("/dev/null").toFile())));
            try (var out = process.getInputStream()) {
                new String(out.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .map(line -> line.substring(0, Math.min(LOG_WIDTH, line.length())))
                        .forEach(line -> say("Client" + when + "Job: " + line));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            int status = await(process);
            if (status != 0) {
                say("Error: Runscript: Client" + when + "Job returned non-zero status=" + status);
            }
            return status == 0;
        }

        byte[] read(Map<String, String> options, long cancelledAfterBytes) {
            ProcessBuilder builder = builder(options.get("reader"), variables);
            Process process = start(
                    builder.redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                            .redirectError(Redirect.appendTo(stderr.toFile())));
            var data = new java.io.ByteArrayOutputStream();
            try (var out = process.getInputStream()) {
                byte[] part = out.readNBytes(READ_BYTES);
                while (part.length > 0 && data.size() < cancelledAfterBytes) {
                    data.writeBytes(part);
                    part = out.readNBytes(READ_BYTES);
                }
                failed = part.length > 0;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            closed(options, await(process));
            return data.toByteArray();
        }

        void write(Map<String, String> options, byte[] data) {
            String writer = options.get("writer");
            if (version < WHERE_ENVIRONMENT) {
                writer = writer.replace("%w", where).replace("%r", String.valueOf(replace));
            }
            Process process = start(builder(writer, variables)
                    .redirectOutput(Redirect.appendTo(stderr.toFile()))
                    .redirectError(Redirect.appendTo(stderr.toFile())));
            try (OutputStream in = process.getOutputStream()) {
                in.write(data);
            } catch (IOException e) {
                // Java has words of its own for it where the writer has ended before
                failed = true;
                say("Error: Write error on " + options.get("file") + ": Broken pipe");
            }
            closed(options, await(process));
        }

        private void closed(Map<String, String> options, int status) {
            if (status != 0) {
                failed = true;
                say("Fatal error: bpipe-fd: Error closing stream for pseudo file " + options.get("file") + ": "
                        + (EXIT + status));
            }
        }

        private void say(String line) {
            log.append(line).append('\n');
        }
    }

    private static ProcessBuilder builder(String command, Map<String, String> variables) {
        List<String> words = new ArrayList<>(List.of("/usr/bin/env", "--ignore-signal=PIPE"));
        words.addAll(BareosWords.split(command));
        ProcessBuilder builder =
                new ProcessBuilder(words).directory(Path.of("/").toFile());
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", "LANG", "C", "HOME", "/root"));
        builder.environment().putAll(variables);
        return builder;
    }

    private static Process start(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int await(Process process) {
        try {
            if (process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                return process.exitValue();
            }
            process.destroyForcibly();
            throw new AssertionError("a program did not end: " + process.info());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
