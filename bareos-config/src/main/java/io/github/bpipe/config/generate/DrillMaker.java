package io.github.bpipe.config.generate;

import io.github.bpipe.config.model.Directive;
import io.github.bpipe.config.model.Item;
import io.github.bpipe.config.model.Resource;
import io.github.bpipe.config.plugin.DaemonWords;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The resources that prove every week that the newest backup restores.
 *
 * <p>A scheduled Job of type Restore does not look for a backup, and a Console command of a RunScript may be neither
 * {@code restore} nor {@code run} (Bareos {@code ua_cmds.cc}; seen in Bacula 9.6.7). So an Admin job pipes the command into
 * bconsole; it fails where no job was started, whatever bconsole's own exit status is.
 */
final class DrillMaker {
    private static final String NAME = "drill";
    private static final Pattern RUN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 :,/-]*");

    private final Application application;
    private final String client;
    private final JobMaker jobs;

    DrillMaker(Application application, String client, Dialect dialect, Method method) throws Failure {
        if (method != Method.BPIPE) {
            throw new Failure(
                    ExitCode.USAGE,
                    "a drill needs a stream, which the method " + method + " does not save",
                    "leave out --drill and drill.schedule, or generate with --method bpipe");
        }
        this.application = application;
        this.client = client;
        this.jobs = new JobMaker(application, client, dialect, method);
    }

    /** The daemons take its words one by one, and not in quotes. */
    Resource schedule() throws Failure {
        String run = application.drillSchedule();
        if (!RUN.matcher(run).matches()) {
            throw new Failure(
                    ExitCode.USAGE,
                    "not a time for a drill: " + run,
                    "drill: schedule: takes what a Run directive does, such as sun at 05:30");
        }
        return Resource.of("Schedule", Directive.of("Name", drill()), Directive.bare("Run", run));
    }

    /** Restores into a drill: nothing live is touched, so no hooks are run. */
    Resource restore() throws Failure {
        List<Item> job = jobs.begin(NAME, "Restore");
        job.addAll(jobs.restoreBasics("/bpipe/drill"));
        job.addAll(new Scripts(application)
                .before(application.writer(), "check", "--drill")
                .after(application.writer(), "report")
                .list());
        return new Resource("Job", job, null);
    }

    /** Starts that, on the director. */
    Resource start() throws Failure {
        List<Item> job = jobs.begin(NAME + "-start", "Admin");
        job.addAll(jobs.places());
        job.add(Directive.of("Schedule", drill()));
        String pipeline = console().stream().map(line -> "echo " + line).collect(Collectors.joining("; ", "{ ", "; }"))
                + " | bconsole | grep JobId=";
        job.add(Resource.of(
                "RunScript",
                Directive.of("Runs When", "Before"),
                Directive.of("Runs On Client", "no"),
                Directive.of("Fail Job On Error", "yes"),
                Directive.of("Command", DaemonWords.join(List.of("/bin/bash", "-o", "pipefail", "-c", pipeline)))));
        return new Resource("Job", job, null);
    }

    /** The streams of the newest backup, and none of its files. Bacula takes no second {@code file=}, so they are marked. */
    private List<String> console() {
        String streams = application.databases().stream()
                .map(database -> Path.of(application.pluginLine(database).file())
                        .getFileName()
                        .toString())
                .collect(Collectors.joining(" "));
        return List.of(
                "restore client=" + client + " fileset=" + application.name() + " restorejob=" + drill()
                        + " select current yes",
                "cd " + Application.STREAMS,
                "mark " + streams,
                "done");
    }

    private String drill() {
        return application.name() + "-" + NAME;
    }
}
