package io.github.bpipe.config.generate;

import io.github.bpipe.config.generate.Application.Database;
import io.github.bpipe.config.model.Directive;
import io.github.bpipe.config.model.Item;
import io.github.bpipe.config.model.Resource;
import io.github.bpipe.config.plugin.DaemonWords;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.hook.HookPoint;
import io.github.bpipe.core.job.RunKind;
import io.github.bpipe.core.profile.Hook;
import io.github.bpipe.core.profile.Profile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The RunScripts on the client, in the order in which they run. Runs When is always said, because without it a daemon
 * runs a script never; what runs after a job also runs when it failed.
 */
final class Scripts {
    private static final String SYSTEMCTL = "/usr/bin/systemctl";
    /** The daemon puts the number of the job there. */
    private static final String JOB = "%i";
    /** It puts how the job ended there, in words with spaces. */
    private static final String ENDED = "'--ended=%e'";

    private final Application application;
    private final List<Item> scripts = new ArrayList<>();

    Scripts(Application application) {
        this.application = application;
    }

    List<Item> list() {
        return scripts;
    }

    /** One run of the program for each database. */
    Scripts before(String program, String... subcommand) throws Failure {
        return each(program, List.of(subcommand), true);
    }

    Scripts after(String program, String... subcommand) throws Failure {
        return each(program, List.of(subcommand), false);
    }

    /** Dumps each database to its file. */
    Scripts dump() throws Failure {
        for (Database database : application.databases()) {
            add(
                    true,
                    command(List.of(
                            application.reader(), "--profile", database.argument(), "--output", database.dumpFile())));
        }
        return this;
    }

    /** The hooks of each profile that has some; what two profiles of one application both say runs once. */
    Scripts hooks(HookPoint point) throws Failure {
        for (Database database : withHooks(point)) {
            add(point.isBefore(), command(hook(point, database)));
        }
        return this;
    }

    /** After a restore: told what the writers recorded, because no script learns where the job restored to. */
    Scripts afterRestore() throws Failure {
        List<String> after = new ArrayList<>(List.of(application.writer(), "after"));
        for (Database database : application.databases()) {
            after.addAll(List.of("--profile", database.argument()));
        }
        after.addAll(List.of("--job", JOB));
        for (Database database : withHooks(HookPoint.POST_RESTORE)) {
            add(false, command(after) + " " + ENDED + " -- " + command(hook(HookPoint.POST_RESTORE, database)));
        }
        return this;
    }

    Scripts stopServices() throws Failure {
        for (String service : services()) {
            add(true, command(List.of(SYSTEMCTL, "stop", service)));
        }
        return this;
    }

    Scripts startServices() throws Failure {
        List<String> reversed = new ArrayList<>(services());
        Collections.reverse(reversed);
        for (String service : reversed) {
            add(false, command(List.of(SYSTEMCTL, "start", service)));
        }
        return this;
    }

    /** One database for each different list of hooks; a built-in step means another thing for another application. */
    private List<Database> withHooks(HookPoint point) {
        Set<Object> seen = new HashSet<>();
        return application.databases().stream()
                .filter(database -> !point.of(database.profile()).isEmpty())
                .filter(database -> seen.add(identity(point.of(database.profile()), database.profile())))
                .toList();
    }

    private static Object identity(List<Hook> hooks, Profile profile) {
        boolean steps = hooks.stream().anyMatch(hook -> hook.step() != null);
        return steps ? Arrays.asList(hooks, profile.application()) : List.of(hooks);
    }

    private List<String> hook(HookPoint point, Database database) {
        String program = point.kind() == RunKind.BACKUP ? application.reader() : application.writer();
        return List.of(program, "hook", point.id(), "--profile", database.argument(), "--job", JOB);
    }

    private List<String> services() throws Failure {
        List<String> services = application.names().services();
        if (services.isEmpty()) {
            throw new Failure(
                    ExitCode.USAGE,
                    "an offline backup stops services, and the profile names none",
                    "add bareos: services: with the services to stop, the database's last");
        }
        return services;
    }

    private Scripts each(String program, List<String> subcommand, boolean before) throws Failure {
        for (Database database : application.databases()) {
            add(program, subcommand, database, before);
        }
        return this;
    }

    private void add(String program, List<String> subcommand, Database database, boolean before) throws Failure {
        List<String> words = new ArrayList<>(List.of(program));
        words.addAll(subcommand);
        words.addAll(List.of("--profile", database.argument(), "--job", JOB));
        add(before, command(words));
    }

    private static String command(List<String> words) throws Failure {
        List<String> escaped = words.stream()
                .map(word -> word.equals(JOB) ? word : word.replace("%", "%%"))
                .toList();
        return DaemonWords.join(escaped);
    }

    private void add(boolean before, String command) {
        List<Item> items = new ArrayList<>();
        items.add(Directive.of("Runs When", before ? "Before" : "After"));
        items.add(Directive.of("Runs On Client", "yes"));
        if (!before) {
            items.add(Directive.of("Runs On Success", "yes"));
            items.add(Directive.of("Runs On Failure", "yes"));
        }
        items.add(Directive.of("Fail Job On Error", "yes"));
        items.add(Directive.of("Command", command));
        scripts.add(new Resource("RunScript", items, null));
    }
}
