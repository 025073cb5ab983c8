package io.github.bpipe.writer.pick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.writer.pick.format.CsvFormat;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamRowsTest {
    private static final MadeStream STREAM = new MadeStream("mariadb")
            .block(Phase.SCHEMA, "big", "CREATE TABLE `big` (\n  `x` longtext\n);\n", 0)
            .block(Phase.DATA, "big", "INSERT INTO `big` VALUES ('" + "garbage ".repeat(1000) + "');\n", 1)
            .block(Phase.SCHEMA, "small", "CREATE TABLE `small` (\n  `x` int,\n  `y` text\n);\n", 0)
            .block(Phase.DATA, "small", "INSERT INTO `small` VALUES (1,'a'),(2,NULL);\n", 2)
            .object("big", "table", 1L)
            .object("small", "table", 2L);

    @Test
    void blocksOfOtherTablesAreNotDecompressed() throws IOException {
        byte[] stream = STREAM.withGarbageIn(1);
        assertThat(csv(stream, "small")).isEqualTo("x,y\n1,a\n2,\n");
        assertThatThrownBy(() -> csv(stream, "big")).isInstanceOfSatisfying(Failure.class, e -> assertThat(e.exitCode())
                .isEqualTo(ExitCode.DAMAGED_STREAM));
    }

    @Test
    void blocksOfOtherTablesAreProvenAllTheSame() throws IOException {
        byte[] stream = STREAM.bytes();
        stream[400] ^= 1;
        assertThatThrownBy(() -> csv(stream, "small"))
                .isInstanceOfSatisfying(
                        Failure.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DAMAGED_STREAM));
    }

    private static String csv(byte[] stream, String table) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StreamRows.read(new ByteArrayInputStream(stream), List.of(table), engine -> new CsvFormat(out));
        return out.toString(StandardCharsets.UTF_8);
    }
}
