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
import java.util.ArrayList;
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

    /** As in a dump by several sessions. */
    @Test
    void tablesMayTakeTurns() throws IOException {
        byte[] stream = new MadeStream("mariadb")
                .block(Phase.SCHEMA, "a", "CREATE TABLE `a` (\n  `x` int,\n  `y` int\n);\n", 0)
                .block(Phase.SCHEMA, "b", "CREATE TABLE `b` (\n  `z` int\n);\n", 0)
                .block(Phase.SCHEMA, "c", "CREATE TABLE `c` (\n  `w` int\n);\n", 0)
                .block(Phase.DATA, "a", "INSERT INTO `a` VALUES (1,2);\n", 1)
                .block(Phase.DATA, "b", "INSERT INTO `b` VALUES (3);\n", 1)
                .block(Phase.DATA, "a", "INSERT INTO `a` VALUES (4,5),(6,7);\n", 2)
                .object("a", "table", 3L)
                .object("b", "table", 1L)
                .object("c", "table", 0L)
                .bytes();
        List<String> seen = new ArrayList<>();
        StreamRows.read(new ByteArrayInputStream(stream), List.of("a", "b", "c"), engine -> new RowHandler() {
            @Override
            public void table(Table table) {
                seen.add(table.asked() + table.columns().size());
            }

            @Override
            public void row(Row row) throws IOException {
                seen.add(new String(row.value(0), StandardCharsets.UTF_8));
            }
        });
        assertThat(seen).containsExactly("a2", "1", "b1", "3", "a2", "4", "6", "c1");
    }

    private static String csv(byte[] stream, String table) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StreamRows.read(new ByteArrayInputStream(stream), List.of(table), engine -> new CsvFormat(out));
        return out.toString(StandardCharsets.UTF_8);
    }
}
