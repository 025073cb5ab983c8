package io.github.bpipe.writer.target.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.core.stream.Json;
import io.github.bpipe.core.stream.ObjectEntry;
import io.github.bpipe.testkit.AwkwardSqlite;
import io.github.bpipe.testkit.Programs;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Restores that are refused or fail, and leave the live database alone. */
class SqliteRefusalTest extends SqliteCase {
    @ParameterizedTest
    @CsvSource({
        "DELETE FROM keyed WHERE k = 'b', table keyed has 2 rows, 3",
        "DROP TABLE empty_one, table empty_one is missing, 0",
        "DROP VIEW a_view, view a_view is missing, 0",
        "CREATE TABLE more (a), table more, 0"
    })
    void aStagedCopyThatIsNotAsPromisedIsRefused(String change, String message) throws IOException {
        makeLive("delete", 4096);
        List<ObjectEntry> promised = SqliteRestore.objects(plain);
        AwkwardSqlite.sql(plain, change);
        assertFails(() -> restore().promising(promised).run(), ExitCode.CHECK_FAILED, message);
        assertLive(old);
        assertThat(files()).containsExactly(live);
    }

    @Test
    void aDamagedStagedCopyIsRefused() throws IOException {
        makeLive("delete", 4096);
        List<ObjectEntry> promised = SqliteRestore.objects(plain);
        try (RandomAccessFile file = new RandomAccessFile(plain.toFile(), "rw")) {
            file.seek(4096 * 3);
            file.write(new byte[4096]);
        }
        assertFails(() -> restore().promising(promised).run(), ExitCode.CHECK_FAILED, "not what the stream promises");
        assertLive(old);
    }

    @Test
    void aHeaderOfSomethingElseIsRefused() throws IOException {
        Header good = restore().header();
        for (String properties : List.of("null", "{}", "{\"bytes\": \"x\"}", "[]")) {
            Header bad = good.withProperties(Json.parse(properties.getBytes(StandardCharsets.UTF_8), JsonNode.class));
            try (SqliteTarget target = restore().target()) {
                assertFails(() -> target.prepare(bad), ExitCode.DAMAGED_STREAM, "does not describe");
            }
        }
    }

    @Test
    void impossibleTargetsAreRefused() throws IOException {
        assertFails(() -> new SqliteRestore(plain, data).run(), ExitCode.TARGET, "is not a file");
        assertFails(() -> new SqliteRestore(plain, data.resolve("no/x.db")).run(), ExitCode.TARGET, "no folder");
        assertFails(() -> new SqliteRestore(plain, data.resolve("x.bpipe-old")).run(), ExitCode.TARGET, "uses itself");
        Path dangling = Files.createSymbolicLink(data.resolve("dangling"), data.resolve("nothing"));
        assertFails(() -> new SqliteRestore(plain, dangling).run(), ExitCode.TARGET, "leads nowhere");
        Files.createDirectory(paths.work());
        Files.writeString(paths.work().resolve("foreign"), "precious");
        assertFails(() -> restore().run(), ExitCode.TARGET, "not made by this program");
        assertThat(paths.work().resolve("foreign")).hasContent("precious");
    }

    @Test
    void aFullDiskIsSaidBeforeOrEndsTheRestore() throws IOException {
        assertThat(Programs.root())
                .as("this test mounts a tmpfs: run it as root")
                .isTrue();
        Programs.run("mount", "-t", "tmpfs", "-o", "size=2m", "none", data.toString())
                .orFail();
        try {
            makeLive("delete", 4096);
            fill(900_000);
            assertFails(() -> restore().run(), ExitCode.SPACE, "the restore needs");
            Files.delete(data.resolve("ballast"));
            try (SqliteTarget target = restore().target()) {
                target.prepare(restore().header());
                fill(Files.getFileStore(data).getUsableSpace());
                assertFails(() -> restore().load(target), ExitCode.SPACE, "is full");
            }
            Files.delete(data.resolve("ballast"));
            assertLive(old);
            assertThat(files()).containsExactly(live);
        } finally {
            Programs.run("umount", data.toString()).orFail();
        }
    }

    private void fill(long bytes) throws IOException {
        Files.write(data.resolve("ballast"), new byte[(int) bytes]);
    }
}
