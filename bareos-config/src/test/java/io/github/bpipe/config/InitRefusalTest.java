package io.github.bpipe.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.testkit.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What init refuses, and that it writes nothing then. */
class InitRefusalTest {
    @TempDir
    private Path folder;

    private CloudTree tree;

    @BeforeEach
    void makeApplication() throws IOException {
        tree = new CloudTree(folder, "nextcloud", "31.0.3").configured("nextcloud-sqlite", Map.of());
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '~', delimiter = '|', textBlock = """
            'dbtype' => 'oci'                       | 4: Oracle (dbtype oci) is not supported
            'dbtype' => 'mongo'                     | 4: unknown dbtype mongo
            'dbtype' => getenv('DB')                | 4: dbtype is not a constant but getenv, and PHP is never run here
            'dbtype' => ['mysql']                   | 4: dbtype is not a text
            'dbtype' => "sql\\0ite"                 | 4: dbtype is not a text
            'dbsharding' => ['x' => 1]              | 4: a database that is spread over several servers (dbsharding) is not
            'objectstore' => ['class' => 'S3']      | 4: the users' files are in an object store (objectstore)
            'objectstore_multibucket' => f()        | 4: the users' files are in an object store (objectstore_multibucket)
            'datadirectory' => 'data'               | 4: datadirectory is no full path: data
            'datadirectory' => '/no/such/folder'    | no data folder /no/such/folder (
            'datadirectory' => '/usr'               | /usr (
            'dbtype' => 'sqlite' 'more'             | 4: expected , or the end of the value, found a string
            'dbtype' => 'open                       | 4: a string that begins here has no end
            """)
    void whatCannotBeServedIsRefusedWithFileAndLine(String line, String message) throws IOException {
        Files.writeString(
                tree.config(),
                "<?php\n$CONFIG = [\n'datadirectory' => '" + tree.root() + "/data',\n" + line + "\n];\n");
        refused(message, tree.root().toString());
    }

    @Test
    void aSettingOfAnotherFileBesideTheMainOneCountsInNaturalOrder() throws IOException {
        config("2-first", "<?php $CONFIG = ['dbtype' => 'mongo'];");
        config("10-second", "<?php\n$CONFIG = ['dbtype' => 'oci'];");
        config(".hidden", "<?php $CONFIG = ['dbtype' => 'mysql'];");
        refused("10-second.config.php:2: Oracle", tree.root().toString());
        config(
                "11-third",
                "<?php if (getenv('S3')) { $CONFIG = ['objectstore' => []]; }\n$CONFIG['dbtype'] = 'sqlite3';");
        Run run = init(tree.root().toString());
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.err()).contains("warning: ", "11-third.config.php:1: not understood: if, with S3, objectstore");
    }

    @Test
    void aConfigurationThatIsMissingEmptyOrNoConfigurationIsRefused() throws IOException {
        Files.writeString(tree.config(), "<?php\n");
        refused("config.php sets no array $CONFIG", tree.root().toString());
        Files.writeString(tree.config(), "<?php\n$CONFIG = load();\n");
        refused(
                "config.php:2: $CONFIG is not a constant array but load",
                tree.root().toString());
        Files.writeString(tree.config(), "");
        refused("config.php:1: no <?php in it", tree.root().toString());
        Files.delete(tree.config());
        refused("no file " + tree.config(), tree.root().toString());
        Files.delete(tree.config().getParent());
        refused("no folder " + tree.config().getParent(), tree.root().toString());
        Files.delete(tree.root().resolve("version.php"));
        refused("is neither Nextcloud nor ownCloud: no version.php", tree.root().toString());
        refused("no folder /no/such", "/no/such");
    }

    @Test
    void noSymbolicLinkIsFollowedOutOfTheApplication() throws IOException {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Path moved = elsewhere.resolve("config.php");
        Files.move(tree.config(), moved);
        Files.createSymbolicLink(tree.config(), moved);
        refused("config.php is a symbolic link to " + moved, tree.root().toString());

        Files.delete(tree.config());
        Files.delete(tree.config().getParent());
        Files.createSymbolicLink(tree.config().getParent(), elsewhere);
        refused(
                "config is a symbolic link to " + elsewhere.toRealPath(),
                tree.root().toString());
        Run run = init(tree.root().toString(), "--config=" + elsewhere);
        assertThat(run.status()).as(run.err()).isZero();
        Files.delete(folder.resolve("written.yaml"));

        Path version = tree.root().resolve("version.php");
        Files.move(version, elsewhere.resolve("version.php"));
        Files.createSymbolicLink(version, elsewhere.resolve("version.php"));
        refused("version.php is a symbolic link", tree.root().toString());
    }

    @Test
    void aDataFolderBehindALinkOfTheWebServersUserIsRefused() throws IOException {
        Path data = tree.root().resolve("data");
        Files.move(data, folder.resolve("other"));
        Files.createSymbolicLink(data, folder.resolve("other"));
        Programs.run("chown", "-h", CloudTree.USER, data.toString()).orFail();
        refused(data + " (", tree.root().toString());
        refused(
                "is a symbolic link that " + CloudTree.USER + " made",
                tree.root().toString());
    }

    @Test
    void aConfigurationThatIsNoOrdinaryFileIsRefusedAndNotWaitedFor() throws IOException {
        Files.delete(tree.config());
        Programs.run("mkfifo", tree.config().toString()).orFail();
        refused("no file " + tree.config(), tree.root().toString());
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '~', delimiter = '|', textBlock = """
            nextcloud         | no folder named
            owncloud ROOT     | ROOT is nextcloud, not owncloud
            wordpress ROOT    | unknown application wordpress, known are nextcloud, owncloud, generic
            """)
    void aWrongCommandLineIsRefused(String arguments, String message) {
        Run run = init(arguments.replace("ROOT", tree.root().toString()).split(" "));
        assertThat(run.err()).contains(message.replace("ROOT", tree.root().toString()), "hint: ");
        assertThat(run.status()).isEqualTo(ExitCode.USAGE.code());
    }

    @Test
    void noErrorShowsAPassword() throws IOException {
        Files.writeString(tree.config(), "<?php\n$CONFIG = ['dbpassword' => 'topsecret' 'x', 'dbtype' => 'oci'];\n");
        assertThat(refused("config.php:2: ", tree.root().toString()).err()).doesNotContain("topsecret");
    }

    private Run refused(String message, String... arguments) {
        Run run = init(arguments);
        assertThat(run.err()).contains("bareos-config: error: ", message, "hint: ");
        assertThat(run.status()).isEqualTo(ExitCode.APPLICATION.code());
        assertThat(folder.resolve("written.yaml")).doesNotExist();
        return run;
    }

    private void config(String name, String text) throws IOException {
        Files.writeString(tree.config().resolveSibling(name + ".config.php"), text);
    }

    private Run init(String... arguments) {
        List<String> all = new ArrayList<>(List.of("init", "--profile=" + folder.resolve("written.yaml")));
        all.addAll(List.of(arguments));
        return Run.of(all.toArray(String[]::new));
    }
}
