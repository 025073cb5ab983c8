package io.github.bpipe.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.config.lint.Finding;
import io.github.bpipe.config.lint.Linter;
import io.github.bpipe.config.lint.Rule;
import io.github.bpipe.config.parse.ConfigTree;
import io.github.bpipe.core.error.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GenerateCommandTest {
    private static final String CLOUD = """
            engine: mariadb
            database: nextcloud
            connection:
              optionFile: /etc/bpipe/cloud.cnf
            files:
              include: [/srv/www/nextcloud, "/srv/data of users"]
              exclude: ["*.log", "^/srv/data of users/[^/]+/cache$", /srv/www/nextcloud/tmp]
            hooks:
              preBackup: [{command: [/usr/local/sbin/maintenance, "on"], user: www-data}]
              postBackup: [{command: [/usr/local/sbin/maintenance, "off"], user: www-data}]
            bareos:
              schedule: WeeklyCycle
              services: [php-fpm, mariadb]
            """;

    @TempDir
    private Path folder;

    private Path output;

    @BeforeEach
    void writeProfiles() throws IOException {
        output = folder.resolve("etc");
        write("cloud", CLOUD);
        write("chat", "engine: sqlite\ndatabase: /srv/chat/chat.db\n");
    }

    @ParameterizedTest
    @CsvSource({
        "bareos-25-bpipe, --profile=DIR/cloud.yaml --profile=DIR/chat.yaml",
        "bareos-20-dump-file, --profile=DIR/cloud.yaml --bareos=20 --method=dump-file",
        "bareos-26-offline, --profile=DIR/cloud.yaml --bareos=26.0.1 --method=offline",
        "bacula-bpipe, --profile=DIR/cloud.yaml --bacula",
        "bareos-26-drill, --profile=DIR/chat.yaml --bareos=26 --drill",
    })
    void generatesWhatTheGoldenFileSays(String golden, String arguments) throws IOException {
        Run run = generate(arguments.replace("DIR", folder.toString()).split(" "));
        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
        String expected = new String(
                getClass().getResourceAsStream("golden/" + golden + ".conf").readAllBytes(), StandardCharsets.UTF_8);
        assertThat(run.out().replace(folder.toString(), "/etc/profiles")).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--bareos=20", "--bareos=25", "--bareos=26", "--bacula"})
    void whatIsGeneratedHasNoFindingsButThePrograms(String dialect) throws IOException {
        generate(
                "--profile=" + folder + "/cloud.yaml",
                "--create-client=10.0.0.1",
                "--drill",
                "--output=" + output,
                dialect);
        assertThat(Linter.lint(ConfigTree.read(List.of(output))))
                .extracting(Finding::rule)
                .isNotEmpty()
                .containsOnly(Rule.PROGRAM_MISSING);
    }

    @Test
    void aDrillIsMadeForStreamsAtTheTimeThatTheProfileSays() throws IOException {
        write("weekly", "engine: sqlite\ndatabase: /x\ndrill: {schedule: sat at 23:10}\n");
        Run run = generate("--profile=" + folder + "/weekly.yaml");
        assertThat(run.out()).contains("Run = sat at 23:10", "Name = weekly-drill-start");

        Run noStream = generate("--profile=" + folder + "/weekly.yaml", "--method=dump-file");
        assertThat(noStream.status()).isEqualTo(ExitCode.USAGE.code());
        assertThat(noStream.err()).contains("a drill needs a stream", "--method bpipe");

        write("weekly", "engine: sqlite\ndatabase: /x\ndrill: {schedule: \"sat; x\"}\n");
        assertThat(generate("--profile=" + folder + "/weekly.yaml").err()).contains("not a time for a drill: sat; x");
    }

    /** Also where files alone come back: a hook must not open what a failed job has left half restored. */
    @ParameterizedTest
    @ValueSource(strings = {"bpipe", "dump-file", "offline"})
    void aHookAfterARestoreIsRunByTheWriterThatKnowsWhatTheJobRestored(String method) throws IOException {
        write("hooks", """
                engine: sqlite
                database: /srv/x
                hooks:
                  postRestore: [{command: [/usr/bin/open, it]}]
                files: {include: [/srv]}
                bareos: {services: [shop]}
                """);
        Run run = generate(
                "--profile=" + folder + "/hooks.yaml",
                "--profile=" + folder + "/chat.yaml",
                "--output=" + output,
                "--method=" + method);
        assertThat(run.status()).as(run.err()).isZero();
        Path job = output.resolve("bareos-dir.d/job/hooks-restore.conf");
        assertThat(job)
                .content()
                .contains("\"/usr/bin/bpipe-writer after --profile %1$s/hooks.yaml --profile %1$s/chat.yaml --job %%i"
                                .formatted(folder)
                        + " '--ended=%e' -- /usr/bin/bpipe-writer hook post-restore --profile " + folder
                        + "/hooks.yaml --job %i\"");
        assertThat(output.resolve("bareos-dir.d/job/hooks-restore-copy.conf"))
                .content()
                .doesNotContain("post-restore");
    }

    @Test
    void aBuiltInStepMeansAnotherThingForAnotherApplication() throws IOException {
        for (String name : List.of("one", "two")) {
            write(
                    name,
                    "engine: sqlite\ndatabase: /x.db\nhooks: {preBackup: [stop-services]}\napplication: {services: ["
                            + name + "]}\n");
        }
        generate("--profile=" + folder + "/one.yaml", "--profile=" + folder + "/two.yaml", "--output=" + output);
        assertThat(output.resolve("bareos-dir.d/job/one-backup.conf"))
                .content()
                .contains("hook pre-backup --profile " + folder + "/one.yaml")
                .contains("hook pre-backup --profile " + folder + "/two.yaml");
    }

    @Test
    void aFileThatStandsThereIsKeptAndShownAsADiffUntilForced() throws IOException {
        String[] arguments = {"--profile=" + folder + "/chat.yaml", "--output=" + output};
        assertThat(generate(arguments).status()).isZero();
        Path fileSet = output.resolve("bareos-dir.d/fileset/chat.conf");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(fileSet)))
                .isEqualTo("rw-r-----");
        String generated = Files.readString(fileSet);
        assertThat(generate(arguments).err()).contains("unchanged " + fileSet);

        Files.setPosixFilePermissions(fileSet, PosixFilePermissions.fromString("rw-rw-r--"));
        Files.writeString(fileSet, generated.replace("XXH128", "MD5"));
        Run refused = generate(arguments);
        assertThat(refused.status()).isEqualTo(ExitCode.EXISTS.code());
        assertThat(refused.out()).contains("--- " + fileSet, "-      Signature = MD5\n+      Signature = XXH128");
        assertThat(refused.err()).contains("kept " + fileSet, "error: 1 of 5 files stand there", "hint: ", "--force");
        assertThat(fileSet).content().contains("MD5");

        Run forced = generate("--profile=" + folder + "/chat.yaml", "--output=" + output, "--force");
        assertThat(forced.status()).isZero();
        assertThat(forced.err()).contains("replaced " + fileSet);
        assertThat(fileSet).content().isEqualTo(generated);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(fileSet)))
                .isEqualTo("rw-rw-r--");
        try (Stream<Path> files = Files.list(fileSet.getParent())) {
            assertThat(files).containsExactly(fileSet);
        }
    }

    @Test
    void aPasswordIsMadeOnlyForANewClientIsTheSameOnBothSidesStaysAndIsNeverShownInADiff() throws IOException {
        Path client = output.resolve("bareos-dir.d/client/c-fd.conf");
        Path director = output.resolve("bareos-fd.d/director/bareos-dir.conf");
        generate("--profile=" + folder + "/chat.yaml", "--output=" + output);
        assertThat(client).doesNotExist();
        generate("--profile=" + folder + "/chat.yaml", "--output=" + output, "--create-client=10.0.0.1");
        String password = password(client);
        assertThat(password).hasSize(32).isEqualTo(password(director));

        Run moved = generate("--profile=" + folder + "/chat.yaml", "--output=" + output, "--create-client=10.0.0.2");
        assertThat(moved.out())
                .contains("+  Address = 10.0.0.2", "Password = ***")
                .doesNotContain(password);
        generate("--profile=" + folder + "/chat.yaml", "--output=" + output, "--create-client=10.0.0.2", "--force");
        assertThat(password(client)).isEqualTo(password);
        Run other = generate("--profile=" + folder + "/chat.yaml", "--create-client=10.0.0.1");
        assertThat(other.out()).doesNotContain(password);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            value = {
                "--bareos=19 => no rules for Bareos 19",
                "--bareos=x => no rules for Bareos x",
                "--method=tar => unknown method tar",
                "--name=a:b => not a name for a application: a:b",
                "--bacula --bareos=25 => mutually exclusive",
                "--profile=DIR/cloud.yaml => the profile cloud is given twice",
                "--profile=DIR/no:colon.yaml => not a name for a profile: no:colon",
                "--profile=DIR/relative.yaml => not a full path in files.include: srv",
                "--profile=DIR/hook.yaml => a hook needs command: with the full path of a program as first word",
                "--profile=DIR/where.yaml => not a folder for restores: /a b/",
                "--method=offline --name=none --profile=DIR/chat.yaml => files.include does not hold the database",
            })
    void whatCannotBeExpressedIsAnErrorAndWritesNothing(String arguments, String message) throws IOException {
        write("no:colon", "engine: sqlite\ndatabase: /x\n");
        write("relative", "engine: sqlite\ndatabase: /x\nfiles:\n  include: [srv]\n");
        write("hook", "engine: sqlite\ndatabase: /x\nhooks:\n  postBackup:\n    - command: [occ, off]\n");
        write("where", "engine: sqlite\ndatabase: /x\nbareos:\n  where: /a b\n");
        List<String> all = new ArrayList<>(List.of("--output=" + output));
        boolean ownFirst = arguments.contains("where.yaml");
        all.addAll(List.of(arguments.replace("DIR", folder.toString()).split(" ")));
        all.add(ownFirst ? all.size() : 1, "--profile=" + folder + "/cloud.yaml");
        Run run = generate(all.toArray(String[]::new));
        assertThat(run.err())
                .contains("bareos-config: error: ")
                .containsIgnoringCase(message)
                .contains("hint: ");
        assertThat(run.status()).isEqualTo(ExitCode.USAGE.code());
        assertThat(output).doesNotExist();
    }

    @Test
    void aProfileInAFolderThatThePluginCannotExpressIsAnError() throws IOException {
        Path odd = Files.createDirectories(folder.resolve("a:b"));
        Files.writeString(odd.resolve("x.yaml"), "engine: sqlite\ndatabase: /x\n");
        Run run = generate("--profile=" + odd + "/x.yaml");
        assertThat(run.err()).contains("a Plugin string cannot hold a colon");
        assertThat(run.status()).isEqualTo(ExitCode.USAGE.code());
        assertThat(run.out()).isEmpty();
    }

    private static Run generate(String... arguments) {
        List<String> all = new ArrayList<>(List.of("generate", "--client=c-fd"));
        all.addAll(List.of(arguments));
        return Run.of(all.toArray(String[]::new));
    }

    private static String password(Path file) throws IOException {
        return ConfigTree.read(List.of(file))
                .resources()
                .get(0)
                .value("Password")
                .orElseThrow();
    }

    private void write(String name, String profile) throws IOException {
        Files.writeString(folder.resolve(name + ".yaml"), profile);
    }
}
