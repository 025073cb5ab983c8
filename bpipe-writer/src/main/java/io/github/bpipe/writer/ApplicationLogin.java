package io.github.bpipe.writer;

import io.github.bpipe.core.application.CloudConfig;
import io.github.bpipe.core.application.CloudDatabase;
import io.github.bpipe.core.cli.Messages;
import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.engine.PostgresClients;
import io.github.bpipe.core.engine.RunAs;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.file.OwnedFolder;
import io.github.bpipe.core.job.RunSummary;
import io.github.bpipe.core.process.Captured;
import io.github.bpipe.core.process.Command;
import io.github.bpipe.core.profile.Profile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * Whether the application itself can use its database: with its own account, whose password stays in {@code config.php},
 * as the operating-system user that it runs as.
 */
final class ApplicationLogin {
    /** Which every one of them has. */
    private static final String TABLE = "appconfig";

    private final Profile profile;
    private final Profile.Application application;

    /** For a profile with an application. */
    ApplicationLogin(Profile profile) {
        this.profile = profile;
        this.application = profile.application();
    }

    /** What a restore to the live place did, with a warning where the application cannot use what it has made. */
    static RunSummary prove(Profile profile, RunSummary restored, Messages messages) {
        if (profile == null || profile.application() == null) {
            return restored;
        }
        Optional<String> problem = new ApplicationLogin(profile).problem();
        problem.ifPresent(messages::warning);
        return problem.map(restored::warned).orElse(restored);
    }

    /** Why it cannot, in one sentence; empty where it can. */
    Optional<String> problem() {
        String account = "the user " + application.user();
        try {
            CloudConfig config = CloudConfig.read(
                    application.root(), application.configFile().getParent());
            CloudDatabase database = CloudDatabase.of(config, application.data());
            account = profile.engine().isMySqlFamily() || database.user() != null
                    ? "the account " + database.user()
                    : account;
            prove(config, database);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(
                    "the database is restored, but the application cannot use it: " + account + ": " + e.getMessage());
        }
    }

    private void prove(CloudConfig config, CloudDatabase database) throws IOException {
        if (!database.database().equals(profile.database())) {
            throw new Failure(
                    ExitCode.APPLICATION,
                    config.place("dbname") + " names another database, " + database.database(),
                    "correct one of them");
        }
        switch (profile.engine()) {
            case SQLITE -> proveFile(database.database());
            case MARIADB, MYSQL -> {
                try (OwnedFolder secret = secret(optionFile(password(config)));
                        SqlSession session = new MariaDbClients(profile.engine(), connection(database, secret))
                                .session(database.database())) {
                    session.execute(
                            "SELECT 1 FROM " + MariaDbClients.identifier(database.tablePrefix() + TABLE) + " LIMIT 1");
                }
            }
            case POSTGRESQL -> {
                try (OwnedFolder secret = secret(passwordFile(password(config)));
                        SqlSession session =
                                new PostgresClients(connection(database, secret)).session(database.database())) {
                    session.execute(
                            "SELECT 1 FROM " + PostgresClients.identifier(database.tablePrefix() + TABLE) + " LIMIT 1");
                }
            }
        }
    }

    private void proveFile(String file) throws IOException {
        Command test = Command.of("test", "-r", file, "-a", "-w", file);
        if (Captured.run(RunAs.wrap(test, application.user())).status() != 0) {
            throw new Failure(ExitCode.PRIVILEGE, "may not read and write " + file, "give it that file");
        }
    }

    private Connection connection(CloudDatabase database, OwnedFolder secret) {
        Connection server = database.server();
        return new Connection(
                server.host(),
                server.port(),
                server.socket(),
                database.user(),
                secret.resolve(TABLE),
                application.user(),
                profile.restoreConnection().clients());
    }

    private static String password(CloudConfig config) throws Failure {
        return config.text("dbpassword").orElse("");
    }

    private static String optionFile(String password) {
        String escaped = password.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
        return "[client]\npassword=\"" + escaped + "\"\n";
    }

    private static String passwordFile(String password) {
        return "*:*:*:*:" + password.replace("\\", "\\\\").replace(":", "\\:") + "\n";
    }

    /** A folder with a file that the clients, which run as the application's user, may read, and nobody else. */
    private OwnedFolder secret(String contents) throws IOException {
        OwnedFolder folder = OwnedFolder.create(Path.of(System.getProperty("java.io.tmpdir")), "bpipe-login-");
        try {
            Path file = folder.resolve(TABLE);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, contents, StandardCharsets.UTF_8);
            if (!application.user().equals(System.getProperty("user.name"))) {
                Files.setOwner(
                        file,
                        FileSystems.getDefault()
                                .getUserPrincipalLookupService()
                                .lookupPrincipalByName(application.user()));
                Files.setPosixFilePermissions(folder.path(), PosixFilePermissions.fromString("rwx--x--x"));
            }
            return folder;
        } catch (IOException | RuntimeException e) {
            folder.close();
            throw e;
        }
    }
}
