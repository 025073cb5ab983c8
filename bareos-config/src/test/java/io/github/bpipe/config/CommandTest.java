package io.github.bpipe.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.bpipe.core.error.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandTest {
    @TempDir
    private Path folder;

    @Test
    void lintPrintsPlaceRuleAndFixAndEndsWithOneForErrorsOnly() throws IOException {
        Path bad = Files.writeString(folder.resolve("a.conf"), "Job {\n RunScript { Command = \"/bin/true\" }\n}\n");
        Run run = Run.of("lint", folder.toString());
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out())
                .contains(bad + ":2: error: a RunScript without Runs When never runs [runs-when]\nhint: add Runs When")
                .endsWith("1 errors, 0 warnings\n");

        Files.writeString(bad, "Job {\n Run Before Job = \"/no/program\"\n}\n");
        Run warned = Run.of("lint", bad.toString());
        assertThat(warned.status()).isZero();
        assertThat(warned.out()).contains(":2: warning: ", "/no/program [program-missing]", "0 errors, 1 warnings");
    }

    @Test
    void lintPrintsJson() throws IOException {
        Path bad = Files.writeString(folder.resolve("a.conf"), "Job {\n RunScript { Command = \"/bin/true\" }\n}\n");
        Run run = Run.of("lint", "--json", bad.toString());
        JsonNode first = JsonMapper.builder().build().readTree(run.out()).get(0);
        assertThat(first.get("file").asText()).isEqualTo(bad.toString());
        assertThat(first.get("line").asInt()).isEqualTo(2);
        assertThat(first.get("severity").asText()).isEqualTo("error");
        assertThat(first.get("rule").asText()).isEqualTo("runs-when");
        assertThat(first.get("fix").asText()).startsWith("add Runs When");
        assertThat(run.status()).isEqualTo(1);
    }

    @Test
    void lintNamesTheIncludedFileThatHoldsTheFinding() throws IOException {
        Path included = Files.writeString(folder.resolve("scripts.inc"), "\n RunScript { Command = \"/bin/true\" }\n");
        Path main = Files.writeString(folder.resolve("a.conf"), "Job {\n @" + included + "\n}\n");
        Run run = Run.of("lint", main.toString());
        assertThat(run.out()).contains(included + ":2: error: ", "[runs-when]\nhint: add Runs When");
        assertThat(run.status()).isEqualTo(1);
    }

    @Test
    void lintOfNothingIsAWrongCommandLine() {
        Run run = Run.of("lint", folder.resolve("none").toString());
        assertThat(run.status()).isEqualTo(ExitCode.USAGE.code());
        assertThat(run.err()).contains("error: cannot read ", "hint: ");
        assertThat(Run.of().err()).contains("generate, lint or show");
    }

    @Test
    void showTellsWhatIsSavedByWhomWithWhichSecretAndWhatARestoreDoes() throws IOException {
        Path profile = Files.writeString(folder.resolve("shop.yaml"), """
                engine: postgresql
                database: shop
                connection: {runAs: postgres, socket: /run/postgresql}
                dump: {allowInconsistent: [log]}
                restore: {keepPrevious: false, connection: {user: admin, optionFile: /root/pgpass}}
                files: {include: [/srv/shop], exclude: [/srv/shop/tmp]}
                hooks: {postRestore: [{command: [/usr/local/sbin/shop-restored, now], user: shop}]}
                """);
        Run run = Run.of("show", "--profile", profile.toString());
        assertThat(run.status()).isZero();
        assertThat(run.out())
                .contains("the postgresql database shop")
                .contains("other moments: log")
                .contains("/srv/shop", "without /srv/shop/tmp")
                .contains("operating-system user postgres and connect to socket /run/postgresql")
                .contains("the secret comes from ~/.pgpass, or nowhere")
                .contains("build a copy", "drop the former database after that")
                .contains("the account on the server is admin", "the secret comes from the file /root/pgpass")
                .contains(
                        "after a restore, also a failed one:\n  - run /usr/local/sbin/shop-restored now as the operating-system user shop");
        Files.writeString(profile, "engine: sqlite\ndatabase: /x.db\nrestore: {mode: in-place}\n");
        assertThat(Run.of("show", "--profile", profile.toString()).out())
                .contains("no accounts and no secret", "the database is lost", "no files")
                .contains("with a Where other than /, write the stream as a file below it");
        Files.writeString(profile, "engine: mariadb\ndatabase: shop\nrestore: {where: scratch}\n");
        assertThat(Run.of("show", "--profile", profile.toString()).out())
                .contains("with a Where other than /, restore into a database shop_job_ and the job's number");
    }
}
