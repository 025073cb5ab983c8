package io.github.bpipe.config.generate;

import io.github.bpipe.config.model.Directive;
import io.github.bpipe.config.model.Item;
import io.github.bpipe.config.model.Resource;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.hook.HookPoint;
import io.github.bpipe.core.profile.Profile;
import java.util.ArrayList;
import java.util.List;

/** The three Jobs of an application: backup, restore in place, restore elsewhere. */
final class JobMaker {
    private final Application application;
    private final String client;
    private final Dialect dialect;
    private final Method method;

    JobMaker(Application application, String client, Dialect dialect, Method method) {
        this.application = application;
        this.client = client;
        this.dialect = dialect;
        this.method = method;
    }

    /** Saves the application; everything that can fail is tried before the first byte is saved. */
    Resource backup() throws Failure {
        Profile.BareosNames names = application.names();
        List<Item> job = begin("backup", "Backup");
        job.add(Directive.of("JobDefs", Application.or(names.jobDefs(), "DefaultJob")));
        job.addAll(references());
        addIfNamed(job, "Schedule", names.schedule());
        addIfNamed(job, "Storage", names.storage());
        addIfNamed(job, "Pool", names.pool());
        addIfNamed(job, "Messages", names.messages());
        job.addAll(backupScripts().list());
        return new Resource("Job", job, null);
    }

    /** Restores to where the data came from. */
    Resource restore() throws Failure {
        List<Item> job = begin("restore", "Restore");
        job.addAll(restoreBasics("/"));
        Scripts scripts = new Scripts(application);
        switch (method) {
            case BPIPE ->
                scripts.before(application.writer(), "check")
                        .hooks(HookPoint.PRE_RESTORE)
                        .afterRestore()
                        .after(application.writer(), "report");
            case DUMP_FILE -> scripts.hooks(HookPoint.PRE_RESTORE).afterRestore();
            case OFFLINE ->
                scripts.hooks(HookPoint.PRE_RESTORE)
                        .stopServices()
                        .startServices()
                        .afterRestore();
        }
        job.addAll(scripts.list());
        return new Resource("Job", job, null);
    }

    /** Restores to a folder of its own; nothing of the live application is touched. */
    Resource restoreCopy() throws Failure {
        String where = application.restores();
        if (!where.startsWith("/") || where.matches(".*[\\s:%'\"].*")) {
            throw new Failure(
                    ExitCode.USAGE,
                    "not a folder for restores: " + where,
                    "bareos: where: takes a full path without spaces, colons, quotes and percent signs, because"
                            + " daemons put it into the writer's command");
        }
        List<Item> job = begin("restore-copy", "Restore");
        job.addAll(restoreBasics(where));
        if (method == Method.BPIPE) {
            job.addAll(new Scripts(application)
                    .before(application.writer(), "check", "--record-only")
                    .after(application.writer(), "report")
                    .list());
        }
        return new Resource("Job", job, null);
    }

    private Scripts backupScripts() throws Failure {
        Scripts scripts = new Scripts(application);
        return switch (method) {
            case BPIPE ->
                scripts.before(application.reader(), "check")
                        .hooks(HookPoint.PRE_BACKUP)
                        .hooks(HookPoint.POST_BACKUP)
                        .after(application.reader(), "report");
            case DUMP_FILE ->
                scripts.before(application.reader(), "check")
                        .hooks(HookPoint.PRE_BACKUP)
                        .dump()
                        .hooks(HookPoint.POST_BACKUP)
                        .after(application.reader(), "report");
            case OFFLINE ->
                scripts.hooks(HookPoint.PRE_BACKUP)
                        .stopServices()
                        .startServices()
                        .hooks(HookPoint.POST_BACKUP);
        };
    }

    List<Item> begin(String what, String type) {
        return new ArrayList<>(
                List.of(Directive.of("Name", application.name() + "-" + what), Directive.of("Type", type)));
    }

    private List<Item> references() {
        return List.of(Directive.of("Client", client), Directive.of("FileSet", application.name()));
    }

    List<Item> restoreBasics(String where) {
        List<Item> items = new ArrayList<>(places());
        items.add(Directive.of("Where", where));
        items.add(Directive.of("Replace", "Always"));
        return items;
    }

    /** What every Job must name. */
    List<Item> places() {
        Profile.BareosNames names = application.names();
        List<Item> items = new ArrayList<>(references());
        items.add(Directive.of("Storage", Application.or(names.storage(), dialect.storage())));
        items.add(Directive.of("Pool", Application.or(names.pool(), dialect.pool())));
        items.add(Directive.of("Messages", Application.or(names.messages(), "Standard")));
        return items;
    }

    private static void addIfNamed(List<Item> job, String directive, String value) {
        if (value != null) {
            job.add(Directive.of(directive, value));
        }
    }
}
