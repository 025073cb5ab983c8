package io.github.bpipe.config.init;

import io.github.bpipe.core.application.CloudDatabase;
import io.github.bpipe.core.application.CloudKind;
import io.github.bpipe.core.cli.ConnectionOptions;
import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A Nextcloud or an ownCloud as it runs here: what was found, and the profile that saves it. */
public final class CloudApplication {
    private final CloudFolders folders;
    private final CloudDatabase database;
    private final Connection connection;
    private final Optional<String> debianPackage;
    private final CloudFiles files;
    private final Engine engine;
    private final List<String> warnings = new ArrayList<>();
    private String server = "";

    private CloudApplication(CloudFolders folders, ConnectionOptions given, boolean previews) throws IOException {
        this.folders = folders;
        this.database = CloudDatabase.of(folders.config(), folders.data());
        this.connection = given.over(AdminConnection.of(database, given.over(Connection.DEFAULT)));
        this.debianPackage = ProgramPackage.of(folders.root().resolve("version.php"));
        this.files = new CloudFiles(folders, debianPackage.isPresent(), previews);
        warnings.addAll(folders.config().notes());
        this.engine = database.engine() == Engine.SQLITE ? Engine.SQLITE : ask();
    }

    /**
     * Looks at an application and asks its server what it is.
     *
     * @param root folder of its programs
     * @param asked for, or null for any that is known
     * @param config folder of its configuration, or null for the one below the root
     * @param given administrative connection, as far as options say
     * @param previews are saved too
     */
    public static CloudApplication find(
            Path root, CloudKind asked, Path config, ConnectionOptions given, boolean previews) throws IOException {
        CloudFolders folders = CloudFolders.find(root, config);
        CloudKind kind = folders.version().kind();
        if (asked != null && asked != kind) {
            throw new Failure(
                    ExitCode.USAGE,
                    root + " is " + kind.id() + ", not " + asked.id(),
                    "say init " + kind.id() + " " + root + ", or name the other folder");
        }
        return new CloudApplication(folders, given, previews);
    }

    /** As profiles spell it: {@code nextcloud} or {@code owncloud}. */
    public String kind() {
        return folders.version().kind().id();
    }

    /** What the administrator should look at. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** What was found, for people. */
    public List<String> found() {
        List<String> found = new ArrayList<>();
        found.add(kind() + " " + folders.version().number() + " in " + folders.root());
        found.add(debianPackage
                .map(name -> "its programs come from the package " + name + " and are not saved, nor are apps in "
                        + folders.root().resolve("apps"))
                .orElse("its programs come from no package, so they are saved too"));
        found.add("its data is in " + folders.data());
        found.add("its web server runs as " + folders.user());
        found.add("its database is " + engine.id() + " " + server + database.database() + ", tables "
                + database.tablePrefix() + "*");
        if (engine != Engine.SQLITE) {
            found.add("it connects to " + database.server().describe() + " as " + database.user()
                    + ", with the password in " + folders.configFile());
            found.add("backup and restore connect to " + connection.describe() + " as "
                    + (connection.user() != null ? connection.user() : "the option file says"));
        }
        return found;
    }

    /** The profile as it is written. */
    public String profile() throws IOException {
        ProfileText text = new ProfileText()
                .comment(kind() + " in " + folders.root() + ", as bareos-config init found it")
                .key("engine", engine.id())
                .key("database", database.database())
                .connection("connection", connection);
        if (engine != Engine.SQLITE) {
            text.comment("the application connects as " + database.user() + " to "
                    + database.server().describe() + "; its password stays in configFile");
        }
        return text.section("application")
                .inner("kind", kind())
                .inner("root", folders.root())
                .inner("configFile", folders.configFile())
                .inner("data", folders.data())
                .inner("user", folders.user())
                .inner("version", folders.config().text("version").orElse(null))
                .inner("tablePrefix", database.tablePrefix())
                .section("files")
                .list("include", files.include())
                .list("exclude", files.exclude(database))
                .comment(
                        "closed while it is saved and restored; services to stop as well: application: services: [UNIT],")
                .comment(
                        "with stop-services behind each first maintenance-mode, and start-services before each last one")
                .section("hooks")
                .list("preBackup", List.of("maintenance-mode"))
                .list("postBackup", List.of("maintenance-mode"))
                .list("preRestore", List.of("maintenance-mode"))
                .list(
                        "postRestore",
                        List.of(
                                "extraneous-files",
                                "permissions",
                                "data-fingerprint",
                                "maintenance-mode",
                                "files-scan"))
                .toString();
    }

    /** MariaDB and MySQL are told apart by the server only; one that is down must not keep a profile from being written. */
    private Engine ask() throws IOException {
        try {
            ServerQuestion answer = ServerQuestion.ask(database.engine(), connection, database.database());
            server = answer.version() + ", ";
            return answer.engine();
        } catch (Failure e) {
            warnings.add("the server could not be asked what it is, "
                    + database.engine().id() + " is assumed: " + e.getMessage());
            return database.engine();
        }
    }
}
