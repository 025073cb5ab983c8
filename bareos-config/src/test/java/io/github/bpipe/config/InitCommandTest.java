package io.github.bpipe.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.config.lint.Finding;
import io.github.bpipe.config.lint.Linter;
import io.github.bpipe.config.lint.Rule;
import io.github.bpipe.config.parse.ConfigTree;
import io.github.bpipe.core.application.CloudKind;
import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.hook.HookPoint;
import io.github.bpipe.core.profile.Hook;
import io.github.bpipe.core.profile.HookStep;
import io.github.bpipe.core.profile.Profile;
import io.github.bpipe.core.profile.ProfileLoader;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import io.github.bpipe.testkit.ThrowawayPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitCommandTest {
    private static final String OWN_USER = System.getProperty("user.name");

    @TempDir
    private Path folder;

    private Path profile;

    @BeforeEach
    void nameProfile() {
        profile = folder.resolve("etc/cloud.yaml");
    }

    @Test
    void aNextcloudOnMariaDbIsRecognisedAndItsServerAsked() throws IOException {
        ThrowawayMariaDb server = ThrowawayMariaDb.shared();
        server.sql("", "CREATE DATABASE nextcloud_init");
        try {
            CloudTree tree = new CloudTree(folder, "nextcloud", "31.0.3")
                    .configured(
                            "nextcloud-mariadb",
                            Map.of("MARIADB", server.socket().toString()));
            Run run = init(tree.root().toString());
            assertThat(run.status()).as(run.err()).isZero();
            assertThat(run.err()).isEmpty();
            assertThat(run.out())
                    .contains("found: nextcloud 31.0.3 in " + tree.root())
                    .contains("its programs come from no package, so they are saved too")
                    .contains("its data is in " + tree.root() + "/data")
                    .contains("its web server runs as " + CloudTree.USER)
                    .containsPattern("its database is mariadb [0-9.]+-MariaDB.*, nextcloud_init, tables oc_\\*")
                    .contains("connects to socket " + server.socket() + " as oc_admin, with the password in "
                            + tree.config())
                    .contains("backup and restore connect to socket " + server.socket() + " as root")
                    .contains("written " + profile)
                    .doesNotContain("word'");
            assertThat(profile).content().doesNotContain("word'");

            Profile written = load();
            assertThat(written.engine()).isEqualTo(Engine.MARIADB);
            assertThat(written.database()).isEqualTo("nextcloud_init");
            assertThat(written.connection())
                    .isEqualTo(new Connection(null, null, server.socket(), "root", null, null, null));
            assertThat(written.application())
                    .isEqualTo(new Profile.Application(
                            CloudKind.NEXTCLOUD,
                            tree.root(),
                            tree.config(),
                            tree.root().resolve("data"),
                            CloudTree.USER,
                            "31.0.3.2",
                            "oc_",
                            null,
                            null,
                            null));
            assertThat(HookPoint.PRE_RESTORE.of(written))
                    .extracting(Hook::step)
                    .containsExactly(HookStep.MAINTENANCE_MODE);
            assertThat(HookPoint.POST_RESTORE.of(written))
                    .extracting(Hook::step)
                    .containsExactly(
                            HookStep.EXTRANEOUS_FILES,
                            HookStep.PERMISSIONS,
                            HookStep.DATA_FINGERPRINT,
                            HookStep.MAINTENANCE_MODE,
                            HookStep.FILES_SCAN);
            assertThat(written.files().include()).containsExactly(tree.root().toString());
            String data = tree.root() + "/data";
            assertThat(written.files().exclude())
                    .contains(data + "/nextcloud.log", data + "/nextcloud.log.1", data + "/audit.log")
                    .contains(data + "/updater-oc9x8y7z6w5v", data + "/appdata_oc9x8y7z6w5v/js")
                    .contains("^" + data.replace(".", "[.]") + "/[^/]+/cache$")
                    .noneMatch(excluded -> excluded.contains("preview") || excluded.contains("*.log"));
        } finally {
            server.sql("", "DROP DATABASE nextcloud_init");
        }
    }

    @Test
    void aNextcloudOnPostgresqlsSocketUsesPeerAuthenticationAndFilesOutsideOfTheProgramsAreSavedToo()
            throws IOException {
        ThrowawayPostgres server = ThrowawayPostgres.shared();
        server.sql("postgres", "CREATE DATABASE nextcloud_init");
        try {
            CloudTree tree = new CloudTree(folder, "nextcloud", "31.0.3")
                    .configured(
                            "nextcloud-postgresql-socket",
                            Map.of("POSTGRESQL", server.socketFolder().toString()));
            List<String> arguments =
                    new ArrayList<>(List.of("nextcloud", tree.root().toString()));
            if (!OWN_USER.equals("root")) {
                arguments.add("--run-as=" + OWN_USER);
            }
            Run run = init(arguments.toArray(String[]::new));
            assertThat(run.err()).isEmpty();
            assertThat(run.out())
                    .containsPattern("its database is postgresql [0-9.]+.*, nextcloud_init, tables oc_\\*");
            assertThat(load().connection())
                    .isEqualTo(new Connection(
                            null,
                            null,
                            server.socketFolder(),
                            "postgres",
                            null,
                            OWN_USER.equals("root") ? "postgres" : OWN_USER,
                            null));
            assertThat(load().files().include())
                    .containsExactly(tree.root().toString(), tree.data().toString());
        } finally {
            server.sql("postgres", "DROP DATABASE nextcloud_init");
        }
    }

    @Test
    void anOwncloudOnAPortOfThisMachineUsesPostgresqlsUsualSocketWithThatPort() throws IOException {
        CloudTree tree = new CloudTree(folder, "owncloud", "10.15.0").configured("owncloud-postgresql-tcp", Map.of());
        Run run = init(tree.root().toString(), "--without-previews");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out()).contains("it connects to ::1 port 54329 as owncloud");
        assertThat(run.err()).contains("warning: the server could not be asked what it is, postgresql is assumed: ");
        assertThat(load().connection())
                .isEqualTo(new Connection(null, 54329, null, "postgres", null, "postgres", null));
        assertThat(load().application().kind()).isEqualTo(CloudKind.OWNCLOUD);
        assertThat(load().files().exclude()).contains("^" + tree.data() + "/[^/]+/thumbnails$");
    }

    @Test
    void aServerElsewhereNeedsAnOptionFile() throws IOException {
        CloudTree tree = new CloudTree(folder, "owncloud", "10.15.0").configured("owncloud-mariadb-remote", Map.of());
        Run refused = init(tree.root().toString());
        assertThat(refused.status()).isEqualTo(ExitCode.USAGE.code());
        assertThat(refused.err())
                .contains("error: the database runs on db.invalid port 3307")
                .contains("hint: write an option file", "--option-file");
        assertThat(profile).doesNotExist();

        Path optionFile = Files.writeString(folder.resolve("admin.cnf"), "[client]\nuser=admin\npassword=x\n");
        Files.setPosixFilePermissions(optionFile, PosixFilePermissions.fromString("rw-------"));
        Run run = init(tree.root().toString(), "--option-file=" + optionFile);
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.err()).contains("could not be asked", "db.invalid port 3307");
        assertThat(load().connection())
                .isEqualTo(new Connection("db.invalid", 3307, null, null, optionFile, null, null));
        assertThat(load().application().tablePrefix()).isEqualTo("own_");
    }

    @Test
    void aSqliteFileIsSavedAsAStreamOnlyAndPreviewsWhenThatIsChosen() throws IOException {
        CloudTree tree = new CloudTree(folder, "nextcloud", "31.0.3").configured("nextcloud-sqlite", Map.of());
        Run run = init(tree.root().toString(), "--without-previews");
        assertThat(run.status()).as(run.err()).isZero();
        String file = tree.root() + "/data/cloud.db";
        assertThat(load().engine()).isEqualTo(Engine.SQLITE);
        assertThat(load().database()).isEqualTo(file);
        assertThat(load().connection()).isEqualTo(Connection.DEFAULT);
        assertThat(load().files().exclude())
                .contains(file, file + "-wal", file + "-shm", file + "-journal")
                .contains(tree.root() + "/data/appdata_oc1/preview");
    }

    @Test
    void whatIsGeneratedFromItHasNoFindingsButThePrograms() throws IOException {
        CloudTree tree = new CloudTree(folder, "nextcloud", "31.0.3").configured("nextcloud-sqlite", Map.of());
        init(tree.root().toString());
        Path output = folder.resolve("bareos");
        Run run = Run.of("generate", "--profile=" + profile, "--client=c-fd", "--output=" + output);
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(output.resolve("bareos-dir.d/fileset/cloud.conf"))
                .content()
                .contains(
                        "ACL Support = yes",
                        "XATTR Support = yes",
                        "Regex = \"^" + tree.root() + "/data/[^/]+/cache$\"");
        assertThat(Linter.lint(ConfigTree.read(List.of(output))))
                .extracting(Finding::rule)
                .isNotEmpty()
                .containsOnly(Rule.PROGRAM_MISSING);
    }

    @Test
    void aProfileThatStandsThereIsKeptAndShownAsADiffUntilForced() throws IOException {
        CloudTree tree = new CloudTree(folder, "nextcloud", "31.0.3").configured("nextcloud-sqlite", Map.of());
        Files.createDirectories(profile.getParent());
        Files.writeString(profile, "engine: sqlite\ndatabase: /mine\n");
        Run kept = init(tree.root().toString());
        assertThat(kept.status()).isEqualTo(ExitCode.EXISTS.code());
        assertThat(kept.out()).contains("-database: /mine", "+database: " + tree.root());
        assertThat(kept.err()).contains("stands there with other contents", "--force");
        assertThat(profile).hasContent("engine: sqlite\ndatabase: /mine\n");
        assertThat(init(tree.root().toString(), "--force").out()).contains("replaced " + profile);
        assertThat(load().application().root()).isEqualTo(tree.root());
        assertThat(init(tree.root().toString()).out()).contains("unchanged " + profile);
        assertThat(Run.of("show", "--profile=" + profile).out())
                .contains("nextcloud in " + tree.root() + ", whose files belong to " + CloudTree.USER);
    }

    @Test
    void theGenericProfileLoadsAndSoDoesEveryExampleInItsComments() throws IOException {
        Run run = init("generic");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(load().engine()).isEqualTo(Engine.MARIADB);
        Files.writeString(profile, Files.readString(profile).replace("\n#:", "\n"));
        Profile all = load();
        assertThat(all.connection().runAs()).isEqualTo("postgres");
        assertThat(all.dump().threads()).isEqualTo(2);
        assertThat(all.dump().jobs()).isEqualTo(2);
        assertThat(all.restore().mode()).isEqualTo("staged");
        assertThat(all.files().exclude()).hasSize(2);
        assertThat(all.hooks().postRestore()).hasSize(1);
        assertThat(all.bareos().services()).hasSize(2);
    }

    private Run init(String... arguments) {
        List<String> all = new ArrayList<>(List.of("init", "--profile=" + profile));
        all.addAll(List.of(arguments));
        return Run.of(all.toArray(String[]::new));
    }

    private Profile load() throws IOException {
        return new ProfileLoader(Map.of()).load(profile.toString());
    }
}
