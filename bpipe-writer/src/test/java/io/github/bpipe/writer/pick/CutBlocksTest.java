package io.github.bpipe.writer.pick;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.BlockHead;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.writer.pick.format.CsvFormat;
import io.github.bpipe.writer.pick.mariadb.MariaDbTables;
import io.github.bpipe.writer.pick.postgres.PostgresTables;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A statement may go on in the next block at any byte; a text that breaks off anywhere is refused, and never hangs. */
@Timeout(60)
class CutBlocksTest {
    private static final String MARIADB_TABLE = """
            CREATE TABLE `t` (
              `a` int,
              `b``,(` varchar(9) COMMENT 'x,`y` (z',
              `c` blob,
              `d` bit(9),
              PRIMARY KEY (`a`),
              CONSTRAINT `k` CHECK (`a` > 0)
            ) COMMENT='(`q` int, `r` int)';
            """;

    private static final String MARIADB_ROWS = """
            /*M!101100 SET @old=1 */;
            -- it's a `comment`;
            INSERT INTO `t` VALUES
            (1,'it''s \\'),(\\' \\\\',0x00FF,0x0101),
            (2,NULL,'',b'101'),(-3,'',_binary 'x\\0y\\Z',x'0102');
            INSERT INTO `t` VALUES (4,'NULL\\nVALUES',NULL,NULL);
            /*M!101100 SET x=@old */;
            """;

    private static final String MARIADB_CSV = """
            a,"b`,(",c,d
            1,"it's '),(' \\",\\x00ff,257
            2,,\\x,5
            -3,"",\\x7800791a,258
            4,"NULL
            VALUES",,
            """;

    private static final String POSTGRES_TABLE = """
            CREATE TABLE public.t (
                a integer DEFAULT '1,('::text,
                "b "",(" text,
                c bytea,
                g integer GENERATED ALWAYS AS ((a + 1)) STORED,
                d boolean,
                CONSTRAINT k CHECK ((a > 0))
            );
            """;

    private static final String POSTGRES_ROWS = """
            COPY public.t (a, "b "",(", c, d) FROM stdin;
            1\tx\\ty\\\\\\\\.\t\\\\x00ff\tt
            \\N\t\\\\N\t\\N\t\\N
            3\t\t\\\\x\tf
            \\.
            """;

    private static final String POSTGRES_CSV = """
            a,"b "",(",c,d
            1,x\ty\\\\.,\\x00ff,t
            ,\\N,,
            3,"",\\x,f
            """;

    @Test
    void mariaDbRowsAreTheSameWhereverABlockEnds() throws IOException {
        everyCut("mariadb", MARIADB_TABLE, MARIADB_ROWS, MARIADB_CSV);
    }

    @Test
    void postgresRowsAreTheSameWhereverABlockEnds() throws IOException {
        everyCut("postgresql", POSTGRES_TABLE, POSTGRES_ROWS, POSTGRES_CSV);
    }

    private static void everyCut(String engine, String table, String rows, String csv) throws IOException {
        assertThat(read(engine, table, rows, List.of())).isEqualTo(csv);
        Random random = new Random(1);
        for (int at = 1; at < rows.length(); at++) {
            assertThat(read(engine, table, rows, List.of(at)))
                    .as("cut at " + at)
                    .isEqualTo(csv);
            TreeSet<Integer> cuts = new TreeSet<>(List.of(at));
            for (int i = random.nextInt(20); i > 0; i--) {
                cuts.add(1 + random.nextInt(rows.length() - 1));
            }
            assertThat(read(engine, table, rows, List.copyOf(cuts)))
                    .as("cut at " + cuts)
                    .isEqualTo(csv);
            brokenOff(engine, table, rows.substring(0, at), csv);
        }
    }

    /** What came before the end is right; that it is not all can be seen unless it breaks off between statements. */
    private static void brokenOff(String engine, String table, String rows, String csv) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            read(engine, table, rows, List.of(), out);
            assertThat(rows.strip()).matches("(?s).*(;|\\\\\\.|--.*)");
        } catch (Failure e) {
            assertThat(e.getMessage()).startsWith("block 1 (");
        }
        assertThat(csv).startsWith(out.toString(StandardCharsets.UTF_8));
    }

    private static String read(String engine, String table, String rows, List<Integer> cuts) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        read(engine, table, rows, cuts, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static void read(String engine, String table, String rows, List<Integer> cuts, ByteArrayOutputStream out)
            throws IOException {
        TableChoice choice = new TableChoice(List.of("t"));
        boolean mariaDb = engine.equals("mariadb");
        String object = mariaDb ? "t" : "public.t";
        try (TableReader reader = mariaDb
                ? new MariaDbTables(choice, new CsvFormat(out))
                : new PostgresTables(choice, new CsvFormat(out))) {
            byte[] schema = table.getBytes(StandardCharsets.UTF_8);
            reader.block(new BlockHead(0, Phase.SCHEMA, object, schema.length, 1, 0, false), schema);
            byte[] all = rows.getBytes(StandardCharsets.UTF_8);
            int from = 0;
            for (int i = 0; i <= cuts.size(); i++) {
                int to = i < cuts.size() ? cuts.get(i) : all.length;
                byte[] part = Arrays.copyOfRange(all, from, to);
                reader.block(new BlockHead(1 + i, Phase.DATA, object, part.length, 1, 0, i < cuts.size()), part);
                from = to;
            }
            reader.end();
        }
    }
}
