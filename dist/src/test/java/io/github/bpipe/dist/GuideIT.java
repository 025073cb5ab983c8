package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.job.RunFolder;
import io.github.bpipe.testkit.AwkwardSqlite;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the guide, in its order, as somebody who reads it types them. */
@Timeout(420)
class GuideIT {
    private static final String DATABASE = "guide";
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\n(.*?)^```$");

    @TempDir
    private static Path folder;

    private static ThrowawayMariaDb server;

    @BeforeAll
    static void makeProfiles() throws IOException {
        server = ThrowawayMariaDb.shared();
        server.sql("", "CREATE DATABASE " + DATABASE);
        server.sql(DATABASE, "CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1), (2)");
        AwkwardSqlite.sql(folder.resolve("chat.db"), "CREATE TABLE t (i INTEGER)", "INSERT INTO t VALUES (1)");
        Files.writeString(
                folder.resolve("nextcloud.yaml"),
                "engine: mariadb%ndatabase: %s%nconnection: {socket: %s, user: root}%n"
                        .formatted(DATABASE, server.socket()));
        Files.writeString(folder.resolve("chat.yaml"), "engine: sqlite\ndatabase: " + folder + "/chat.db\n");
    }

    @AfterAll
    static void drop() {
        server.sql("", "DROP DATABASE " + DATABASE + "; DROP DATABASE IF EXISTS nextcloud_copy");
    }

    @Test
    void everyCommandOfTheGuideWorks() throws IOException {
        List<String> commands = BLOCK.matcher(Files.readString(Path.of("../docs/guide.md")))
                .results()
                .map((MatchResult block) -> block.group(1))
                .flatMap(String::lines)
                .toList();
        assertThat(commands).hasSizeGreaterThan(10);
        Map<String, String> environment = Map.of(
                "PATH",
                Installed.READER.getParent() + ":" + System.getenv("PATH"),
                "BPIPE_CONFIG_DIR",
                folder.toString(),
                RunFolder.VARIABLE,
                folder + "/state");
        for (String command : commands) {
            Installed.Answer answer = Installed.run(
                    Path.of("/bin/sh"), new byte[0], environment, "-c", "cd " + folder + " && " + command);
            assertThat(answer.status()).as(command + "\n" + answer.err()).isZero();
        }
        assertThat(server.sql("nextcloud_copy", "SELECT count(*) FROM t").strip())
                .isEqualTo("2");
    }
}
