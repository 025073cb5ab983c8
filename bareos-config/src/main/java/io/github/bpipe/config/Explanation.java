package io.github.bpipe.config;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.profile.Hook;
import io.github.bpipe.core.profile.Profile;
import java.util.ArrayList;
import java.util.List;

/** A profile in words, one paragraph each for saving, connecting and restoring. */
final class Explanation {
    private static final String IN_PLACE = "in-place";

    private final Profile profile;
    private final String ownUser;
    private final List<String> lines = new ArrayList<>();

    /**
     * Explains a profile.
     *
     * @param ownUser operating-system user of this process, as whom a file daemon usually runs: root
     */
    Explanation(Profile profile, String ownUser) {
        this.profile = profile;
        this.ownUser = ownUser;
    }

    List<String> lines() {
        saved();
        heading("by whom");
        connection(profile.connection());
        restore();
        drill();
        hooks();
        return lines;
    }

    private void saved() {
        heading("what is saved");
        Profile.Application application = profile.application();
        if (application != null) {
            say(application.kind().id() + " in " + application.root() + ", whose files belong to "
                    + application.user());
        }
        say("the " + profile.engine().id() + " database " + profile.database() + ", as it is at one moment");
        List<String> inconsistent = profile.dump().allowInconsistent();
        if (!inconsistent.isEmpty()) {
            say("except these tables, whose rows may belong to other moments: " + String.join(", ", inconsistent));
        }
        if (profile.files().include().isEmpty()) {
            say("no files");
        } else {
            say("these files, saved before the database: "
                    + String.join(", ", profile.files().include()));
        }
        if (!profile.files().exclude().isEmpty()) {
            say("without " + String.join(", ", profile.files().exclude()));
        }
        if (profile.metrics() != null) {
            say("every run tells monitoring of itself in " + profile.metrics());
        }
    }

    private void connection(Connection connection) {
        String user = connection.runAs() != null ? connection.runAs() : ownUser + " (whoever runs the program)";
        if (profile.engine() == Engine.SQLITE) {
            say("the file is opened by the operating-system user " + user + "; SQLite has no accounts and no secret");
            return;
        }
        say("the client programs run as the operating-system user " + user + " and connect to "
                + connection.describe());
        say("the account on the server is "
                + (connection.user() != null ? connection.user() : "what the clients' own settings say"));
        say("the secret comes from " + secret(connection));
        say("the client programs come from "
                + (connection.clients() != null ? connection.clients().toString() : "the PATH"));
    }

    private String secret(Connection connection) {
        if (connection.optionFile() != null) {
            return "the file " + connection.optionFile() + ", which only its owner may read";
        }
        return profile.engine() == Engine.POSTGRESQL
                ? "~/.pgpass, or nowhere: the unix socket proves the user (peer)"
                : "~/.my.cnf, or nowhere: the unix socket proves the user (unix_socket)";
    }

    private void restore() {
        heading("what a restore would do");
        Profile.Restore restore = profile.restore();
        if (IN_PLACE.equals(restore.mode())) {
            say("drop the live database and load the stream into its place; when that fails, the database is lost");
        } else {
            say("build a copy beside the live database, check it, and put it in its place in one step");
            say(
                    Boolean.FALSE.equals(restore.keepPrevious())
                            ? "drop the former database after that"
                            : "keep the former database beside the new one");
        }
        say("with a Where other than /, "
                + (restore.where() == Profile.Restore.Where.SCRATCH
                        ? "restore into a database " + profile.database() + "_job_ and the job's number"
                        : "write the stream as a file below it")
                + " and leave the live database alone");
        if (restore.connection() != null) {
            say("restores connect differently:");
            connection(restore.connection());
        }
    }

    private void drill() {
        Profile.Drill drill = profile.drill();
        if (drill != null) {
            heading("how a backup is proven");
            say("bpipe-writer drill restores it into a throwaway server and asks "
                    + drill.checks().size() + " checks");
            if (drill.schedule() != null) {
                say("a generated job does that " + drill.schedule());
            }
        }
    }

    private void hooks() {
        Profile.Hooks hooks = profile.hooks();
        hook("before a backup", hooks.preBackup());
        hook("after a backup, also a failed one", hooks.postBackup());
        hook("before a restore", hooks.preRestore());
        hook("after a restore, also a failed one", hooks.postRestore());
    }

    private void hook(String when, List<Hook> hooks) {
        if (!hooks.isEmpty()) {
            heading(when);
            hooks.forEach(hook -> say((hook.step() != null ? "the step " : "run ")
                    + hook.describe()
                    + (hook.user() == null ? "" : " as the operating-system user " + hook.user())));
        }
    }

    private void heading(String text) {
        lines.add("");
        lines.add(text + ":");
    }

    private void say(String text) {
        lines.add("  - " + text);
    }
}
