package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.testkit.Programs;
import io.github.bpipe.testkit.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Drills of real databases: which are proven, which are not, and that nothing but a report is left of them. */
@Timeout(120)
class DrillIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path folder;

    private static DrillBench bench;

    @BeforeAll
    static void makeDatabases() throws IOException {
        bench = new DrillBench(folder);
    }

    @AfterAll
    static void drop() throws IOException {
        bench.drop();
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        assertThat(bench.left()).isEmpty();
        assertThat(bench.processes()).isEmpty();
    }

    static List<String> engines() {
        return DrillBench.ENGINES;
    }

    @ParameterizedTest
    @MethodSource("engines")
    void aGoodDumpIsProvenAndTheLiveDatabaseUntouched(String engine) throws IOException {
        List<Object> live = bench.live();
        bench.profile(engine, "SELECT 7 * 6", "42");
        Installed.Answer answer = bench.drill(engine, Files.readAllBytes(bench.stream(engine)));
        assertThat(answer.status()).as(answer.err()).isZero();
        assertThat(answer.text()).contains("PROVEN: ", "in a throwaway ", "check the answer: as expected");

        JsonNode report = JSON.readTree(bench.report(engine, "drill.json").toFile());
        assertThat(report.at("/verdict").asText()).isEqualTo("proven");
        assertThat(report.at("/parts").findValuesAsText("name"))
                .containsExactly("start", "load", "compare", "switch", "checks");
        assertThat(report.at("/contents").size())
                .isEqualTo(report.at("/objects").asInt());
        assertThat(report.at("/rows").asLong()).isPositive();
        assertThat(report.at("/checks/0/answer").asText()).isEqualTo("42");

        Installed.Answer said = bench.run(Installed.WRITER, new byte[0], "report", "--profile=" + engine);
        assertThat(said.status()).isZero();
        assertThat(said.text()).contains("bpipe-writer " + engine + ": PROVEN by a drill: ", "the backup restores");
        assertThat(bench.live()).isEqualTo(live);
    }

    @ParameterizedTest
    @MethodSource("engines")
    void aCheckWithAnotherAnswerFailsTheDrill(String engine) throws IOException {
        bench.profile(engine, "SELECT 7 * 6", "41");
        Installed.Answer answer = bench.drill(engine, Files.readAllBytes(bench.stream(engine)));
        assertThat(answer.status()).as(answer.err()).isEqualTo(ExitCode.DRILL_CHECK.code());
        assertThat(answer.err()).contains("the answer answered 42, expected is 41", "\nhint: ");
        assertThat(answer.text()).contains("NOT PROVEN: ");
        assertThat(JSON.readTree(bench.report(engine, "drill.json").toFile())
                        .at("/verdict")
                        .asText())
                .isEqualTo("failed");
        Installed.Answer said = bench.run(Installed.WRITER, new byte[0], "report", "--profile=" + engine);
        assertThat(said.status()).isEqualTo(ExitCode.DRILL_CHECK.code());
        assertThat(said.text()).contains("bpipe-writer " + engine + ": the drill FAILED: ");

        bench.profile(engine, "SELECT i FROM nowhere", "42");
        Installed.Answer broken = bench.drill(engine, Files.readAllBytes(bench.stream(engine)));
        assertThat(broken.status()).as(broken.err()).isEqualTo(ExitCode.DRILL_CHECK.code());
        assertThat(broken.err()).contains("nowhere");
    }

    @ParameterizedTest
    @MethodSource("engines")
    void aRowThatIsMissingFailsTheDrill(String engine) throws IOException {
        byte[] forged = DrillBench.withOneRowMore(Files.readAllBytes(bench.stream(engine)));
        assertThat(Installed.writer(forged, "verify").status()).isZero();
        Installed.Answer answer = bench.drill(engine, forged);
        assertThat(answer.status()).as(answer.err()).isEqualTo(ExitCode.CHECK_FAILED.code());
        assertThat(answer.err()).contains(" rows", "\nhint: ");
        assertThat(Files.readString(bench.report(engine, "drill.html"))).contains("is not proven to restore");
    }

    @ParameterizedTest
    @MethodSource("engines")
    void aDamagedOrCutStreamFailsTheDrill(String engine) throws IOException {
        byte[] good = Files.readAllBytes(bench.stream(engine));
        byte[] flipped = good.clone();
        // behind the head of a zstd frame, since elsewhere it may hit a length or a kind
        flipped[firstZstdFrame(good) + 30] ^= 1;
        assertThat(bench.drill(engine, flipped).status()).isEqualTo(ExitCode.DAMAGED_STREAM.code());
        assertThat(bench.drill(engine, Arrays.copyOf(good, good.length - 20)).status())
                .isEqualTo(ExitCode.TRUNCATED_STREAM.code());
        Installed.Answer nothing = bench.drill(engine, new byte[0]);
        assertThat(nothing.status()).isEqualTo(ExitCode.NOT_A_STREAM.code());
        assertThat(nothing.text()).contains("NOT PROVEN: " + engine);
    }

    private static int firstZstdFrame(byte[] stream) {
        byte[] magic = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};
        int at = 0;
        while (!Arrays.equals(stream, at, at + magic.length, magic, 0, magic.length)) {
            at++;
        }
        return at;
    }

    @ParameterizedTest
    @CsvSource({"mariadb, mariadb-server", "postgresql, postgresql"})
    void aMissingServerIsNamedWithItsPackage(String engine, String debianPackage) throws IOException {
        Installed.Answer answer =
                bench.drill(engine, Files.readAllBytes(bench.stream(engine)), "--server-programs=" + bench.drills());
        assertThat(answer.status()).isEqualTo(ExitCode.CLIENT.code());
        assertThat(answer.err())
                .contains("no server programs for a throwaway server", "install the package " + debianPackage + " ");
    }

    @ParameterizedTest
    @CsvSource({"mariadb", "postgresql"})
    void aScratchDatabaseOnAServerIsDroppedAgain(String engine) throws IOException {
        List<Object> live = bench.live();
        bench.profile(engine, "SELECT 7 * 6", "42");
        byte[] stream = Files.readAllBytes(bench.stream(engine));
        Installed.Answer answer = bench.drill(engine, stream, "--into-server");
        assertThat(answer.status()).as(answer.err()).isZero();
        assertThat(answer.text()).contains("in a scratch database on socket ");
        assertThat(bench.drill(engine, DrillBench.withOneRowMore(stream), "--into-server")
                        .status())
                .isEqualTo(ExitCode.CHECK_FAILED.code());
        assertThat(bench.live()).isEqualTo(live);
    }

    @Test
    void aConnectionIsRefusedWithoutItsServer() {
        Installed.Answer answer = Installed.writer(new byte[0], "drill", "--host=db.example.org");
        assertThat(answer.status()).isEqualTo(ExitCode.USAGE.code());
        assertThat(answer.err()).contains("--into-server");
    }

    @ParameterizedTest
    @MethodSource("engines")
    void aFolderWithoutRoomIsRefusedWithTheNumbers(String engine) throws IOException {
        try (SmallDisk disk = SmallDisk.of(100_000)) {
            Installed.Answer answer =
                    bench.drill(engine, Files.readAllBytes(bench.stream(engine)), "--folder=" + disk.folder());
            assertThat(answer.status()).as(answer.err()).isEqualTo(ExitCode.SPACE.code());
            assertThat(answer.err()).containsPattern("needs \\d.* [kM]B \\(.* of them for the database\\), .* has \\d");
            assertThat(disk.folder()).isEmptyDirectory();
        }
    }

    @Test
    void aReservedWhereDrillsInPlaceOfARestore() throws IOException {
        List<Object> live = bench.live();
        bench.profile("postgresql", "SELECT 7 * 6", "42");
        byte[] stream = Files.readAllBytes(bench.stream("postgresql"));
        Installed.Answer answer =
                bench.run(Installed.WRITER, stream, "--profile=postgresql", "--where=/bpipe/drill", "--replace=a");
        assertThat(answer.status()).as(answer.err()).isZero();
        assertThat(answer.text()).contains("PROVEN: ");
        assertThat(Path.of("/bpipe")).doesNotExist();
        assertThat(bench.live()).isEqualTo(live);
    }

    @Test
    void anOrdinaryUserDrillsToo() throws IOException {
        Path stream = Files.createTempFile("bpipe-it", ".zst");
        try {
            Files.write(stream, Files.readAllBytes(bench.stream("mariadb")));
            Programs.run("chown", "nobody", stream.toString()).orFail();
            Installed.Answer answer =
                    Installed.shell("setpriv --reuid=nobody --clear-groups --regid=nogroup $WRITER drill < " + stream);
            assertThat(answer.status()).as(answer.err()).isZero();
            assertThat(answer.text()).contains("PROVEN: ");
        } finally {
            Files.delete(stream);
        }
    }
}
