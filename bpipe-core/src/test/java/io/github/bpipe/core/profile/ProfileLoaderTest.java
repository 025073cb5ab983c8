package io.github.bpipe.core.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.PostgresCreation;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProfileLoaderTest {
    @TempDir
    private Path folder;

    @Test
    void readsHowADatabaseIsCreatedAndWhere() throws IOException {
        write("""
                engine: postgresql
                database: shop
                restore:
                  where: scratch
                  create: {template: mine, lc_collate: C, owner: keeper}
                """);
        Profile.Restore restore = loader().load("shop").restore();
        assertThat(restore.where()).isEqualTo(Profile.Restore.Where.SCRATCH);
        assertThat(restore.create()).isEqualTo(new PostgresCreation("mine", null, "C", null, "keeper"));

        write("""
                engine: postgresql
                database: shop
                restore:
                  where: elsewhere
                """);
        assertThat(catchThrowableOfType(Failure.class, () -> loader().load("shop")))
                .hasMessageContaining(":4: wrong value for restore.where, which takes file or scratch");
    }

    @Test
    void readsEverythingThatAProfileMaySay() throws IOException {
        write("""
                engine: mariadb
                database: nextcloud
                connection:
                  socket: /run/mysqld/mysqld.sock
                  user: backup
                  optionFile: /etc/bpipe/nextcloud.cnf
                  runAs: www-data
                dump: {level: 7, threads: 2, allowInconsistent: [log, cache]}
                restore:
                  mode: in-place
                  keepPrevious: false
                  jobs: 3
                  accounts: skip
                  connection: {user: root, port: 3307}
                """);
        Profile profile = loader().load("shop");
        assertThat(profile.name()).isEqualTo("shop");
        assertThat(profile.engine()).isEqualTo(Engine.MARIADB);
        assertThat(profile.database()).isEqualTo("nextcloud");
        assertThat(profile.connection().optionFile()).isEqualTo(Path.of("/etc/bpipe/nextcloud.cnf"));
        assertThat(profile.connection().runAs()).isEqualTo("www-data");
        assertThat(profile.dump().level()).isEqualTo(7);
        assertThat(profile.dump().allowInconsistent()).containsExactly("log", "cache");
        assertThat(profile.restore().keepPrevious()).isFalse();
        assertThat(profile.restore().jobs()).isEqualTo(3);
        assertThat(profile.restore().accounts()).isEqualTo("skip");
        assertThat(profile.restore().connection().port()).isEqualTo(3307);
    }

    @Test
    void whatIsNotSaidIsLeftOpen() throws IOException {
        Profile profile =
                loader().load(write("engine: sqlite\ndatabase: 2024\n").toString());
        assertThat(profile.database()).isEqualTo("2024");
        assertThat(profile.connection().user()).isNull();
        assertThat(profile.dump().level()).isNull();
        assertThat(profile.restore().mode()).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            engnie: sqlite                       | 1 | unknown key engnie                        | did you mean engine?
            engine: sqlite;connection:;  hots: x | 3 | unknown key hots                          | did you mean host?
            engine: sqlite;password: x           | 2 | unknown key password                      | secrets do not belong into a profile: name a file with optionFile
            connection:;  dbToken: x             | 2 | unknown key dbToken                       | secrets do not belong into a profile: name a file with optionFile
            engine: oracle                       | 1 | unknown engine oracle, known are mariadb, mysql, postgresql, sqlite | correct that line
            engine: sqlite;database: [a, b]      | 2 | wrong value for database, which takes a text | correct that line
            engine: sqlite;database: {a: b}      | 2 | wrong value for database, which takes a text | correct that line
            dump: 7                              | 1 | wrong value for dump, which takes more keys below it | correct that line
            dump:;  level: high                  | 2 | wrong value for dump.level, which takes a whole number | correct that line
            dump:;  level: 3.5                   | 2 | wrong value for dump.level, which takes a whole number | correct that line
            dump:;  level: '3'                   | 2 | wrong value for dump.level, which takes a whole number | correct that line
            dump:;  allowInconsistent: log       | 2 | wrong value for dump.allowInconsistent, which takes a list | correct that line
            restore:;  keepPrevious: maybe       | 2 | wrong value for restore.keepPrevious, which takes true or false | correct that line
            hooks:;  preBackup: [maintenance]    | 2 | unknown step maintenance, did you mean maintenance-mode? a command is written as command: [/full/path, ...] | correct that line
            hooks:;  preBackup: [files-scan]     | 3 | the step files-scan has no meaning in hooks.preBackup | correct that line
            hooks:;  preBackup: [{step: stop-services, user: a}] | 2 | the step stop-services takes timeout:, and nothing else | correct that line
            engine: sqlite;hooks:;  preBackup: [maintenance-mode] | 4 | the step maintenance-mode needs application: with kind, root, configFile, data and user | correct that line
            engine: sqlite;hooks:;  preBackup: [stop-services] | 4 | the step stop-services needs application: services: | correct that line
            application: {closedAtMost: 0}       | 1 | application.closedAtMost is 0, and takes seconds, at least 1 | correct that line
            application: {php: php8.2}           | 1 | application.php is no full path: php8.2 | correct that line
            hooks:;  preBackup: [{command: /a}]  | 2 | wrong value for hooks.preBackup.command, which takes a list | correct that line
            hooks:;  preBackup: [{command: [a]}] | 2 | a hook needs command: with the full path of a program as first word | correct that line
            hooks:;  postBackup: [{command: [/a], timeout: 0}] | 2 | a hook's timeout is 0, and takes seconds, at least 1 | correct that line
            hooks:;  preRestore: [{command: [/a], usr: b}] | 2 | unknown key usr | did you mean user?
            engine: sqlite;engine: mysql         | 2 | Duplicate field 'engine' | correct that line
            [engine, sqlite]                     | 1 | wrong value for the profile, which takes more keys below it | correct that line
            sqlite                               | 1 | wrong value for the profile, which takes more keys below it | correct that line
            engine: sqlite;database: d;---;x: 1  | 4 | a second document                         | keep one profile in one file
            """, quoteCharacter = '`')
    void whatIsWrongIsSaidWithFileAndLine(String yaml, int line, String message, String hint) throws IOException {
        Path file = write(yaml.replace(';', '\n') + "\n");
        Failure failure = failure("shop");
        assertThat(failure).hasMessage(file + ":" + line + ": " + message);
        assertThat(failure.hint()).isEqualTo(hint);
        assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void brokenYamlIsSaidWithFileAndLine() throws IOException {
        Path file = write("engine: sqlite\ndatabase: \"open\n");
        assertThat(failure("shop").getMessage()).startsWith(file + ":").doesNotContain("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "---\n", "# nothing yet\n", "engine: sqlite\n", "database: d\n"})
    void aProfileWithoutEngineOrDatabaseIsRefused(String yaml) throws IOException {
        Path file = write(yaml);
        assertThat(failure("shop"))
                .hasMessage("profile " + file + " names no engine or no database")
                .returns("add the keys engine: and database:", Failure::hint);
    }

    @ParameterizedTest
    @ValueSource(strings = {"other", "", "/", "/no/such/file", "other.yaml"})
    void aMissingProfileIsRefused(String name) {
        Failure failure = failure(name);
        assertThat(failure.getMessage()).startsWith("no profile ");
        assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void aProfileThatOthersCanWriteIsRefused() throws IOException {
        Path file = write("engine: sqlite\ndatabase: d\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        assertThat(failure("shop")).hasMessage("profile " + file + " can be written by others");
    }

    @Test
    void anApplicationThatIsNotKnownIsRefused() throws IOException {
        Path file = write("engine: sqlite\ndatabase: d\napplication:\n  kind: wordpress\n");
        assertThat(failure("shop"))
                .hasMessage(file + ":4: unknown application wordpress, known are nextcloud, owncloud");
    }

    @Test
    void theFolderIsTheUsualOneUnlessMoved() {
        assertThat(failure(Map.of(), "no-such")).hasMessage("no profile /etc/bpipe/no-such.yaml");
        assertThat(failure(Map.of(ProfileLoader.FOLDER_VARIABLE, ""), "no-such"))
                .hasMessage("no profile /etc/bpipe/no-such.yaml");
        assertThat(failure("no-such")).hasMessage("no profile " + folder.resolve("no-such.yaml"));
    }

    private ProfileLoader loader() {
        return new ProfileLoader(Map.of(ProfileLoader.FOLDER_VARIABLE, folder.toString()));
    }

    private Failure failure(String name) {
        return catchThrowableOfType(Failure.class, () -> loader().load(name));
    }

    private static Failure failure(Map<String, String> environment, String name) {
        return catchThrowableOfType(Failure.class, () -> new ProfileLoader(environment).load(name));
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(folder.resolve("shop.yaml"), yaml);
    }
}
