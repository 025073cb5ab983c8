package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.sql.PostgresWords;
import io.github.bpipe.testkit.AwkwardPostgres;
import io.github.bpipe.testkit.ThrowawayPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows out of a stream of PostgreSQL are what the server answers, whatever their types and values are. */
class ExtractPostgresIT {
    private static final String NAME = "extract it";
    private static final String LATIN = "extract latin it";
    private static final int RANDOM_ROWS = 2000;
    /** As pg_dump sets them. */
    private static final String SETTINGS = "SET DateStyle = ISO; SET IntervalStyle = postgres; SET extra_float_digits ="
            + " 3; SET bytea_output = hex; SET search_path = ''; ";

    private static final ThrowawayPostgres SERVER = ThrowawayPostgres.shared();

    @TempDir
    private static Path folder;

    private static byte[] stream;

    @BeforeAll
    static void dump() throws IOException {
        AwkwardPostgres.create(SERVER, NAME);
        SERVER.sql(
                NAME,
                "CREATE TABLE public.flags (b boolean, bs boolean[], s smallint, \"CONSTRAINT\" bytea, r real, x numeric(5,2)"
                        + " DEFAULT (1) CHECK (x < 900));"
                        + "INSERT INTO public.flags VALUES (true, '{t,f}', -1, '\\x', 1.5, 3), (false, NULL, 0, NULL, 'NaN', NULL);"
                        + "CREATE TABLE public.random (id integer, t text, b bytea, n numeric, f float8, a text[], c \"char\");"
                        + randomRows(new Random(7)));
        stream = dump(NAME);
    }

    @AfterAll
    static void drop() {
        AwkwardPostgres.drop(SERVER, NAME);
        AwkwardPostgres.drop(SERVER, LATIN);
        AwkwardPostgres.dropRoles(SERVER);
    }

    @Test
    void everyValueOfEveryTypeIsTheServersOwn() {
        List<String> tables = SERVER.sql(
                        NAME,
                        "SELECT encode(convert_to(format('%I.%I', n.nspname, c.relname), 'UTF8'), 'hex') FROM pg_class c"
                                + " JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind = 'r' AND nspname NOT IN"
                                + " ('pg_catalog', 'information_schema')")
                .lines()
                .toList();
        assertThat(tables).hasSizeGreaterThan(15);
        for (String hex : tables) {
            String table = new String(HexFormat.of().parseHex(hex), java.nio.charset.StandardCharsets.UTF_8);
            Csv csv = Csv.parse(extract(String.join(".", PostgresWords.parts(table)), "csv"));
            Csv answer = Csv.parse(server(table));
            if (answer.header().equals(java.util.Collections.singletonList(null))) {
                assertThat(csv.rows()).hasSameSizeAs(answer.rows());
                continue;
            }
            assertThat(csv.header()).as(table).isEqualTo(answer.header());
            assertThat(csv.sorted()).as(table).isEqualTo(answer.sorted());
        }
    }

    @Test
    void jsonKeepsNumbersBooleansAndBytes() {
        assertThat(extract("flags", "json")).isEqualTo("""
                [
                {"b":true,"bs":"{t,f}","s":-1,"CONSTRAINT":"","r":1.5,"x":3.00},
                {"b":false,"bs":null,"s":0,"CONSTRAINT":null,"r":"NaN","x":null}
                ]
                """);
        assertThat(extract("public.no_columns", "json")).isEqualTo("[\n{},\n{}\n]\n");
        assertThat(extract("empty_table", "json")).isEqualTo("[]\n");
        assertThat(extract("derived", "json")).isEqualTo("[\n{\"id\":2,\"t\":\"x\",\"extra\":\"y\"}\n]\n");
    }

    @Test
    void theStatementsMakeTheSameRowsAgain() {
        for (String table : List.of("public.awkward_values", "public.typed", "public.random", "public.no_columns")) {
            String before = server(table);
            String sql = extract(table, "sql");
            SERVER.sql(NAME, "DELETE FROM " + table);
            SERVER.sql(NAME, sql);
            assertThat(Csv.parse(server(table)).sorted())
                    .as(table)
                    .isEqualTo(Csv.parse(before).sorted());
        }
    }

    @Test
    void aBareNameMustBeOfOneSchemaOnly() throws IOException {
        SERVER.sql(NAME, "CREATE TABLE \"Sch ema\".egg (x integer); INSERT INTO \"Sch ema\".egg VALUES (5)");
        try {
            byte[] two = dump(NAME);
            Installed.Answer bare = Installed.writer(two, "extract", "egg");
            assertThat(bare.status()).isEqualTo(ExitCode.USAGE.code());
            assertThat(bare.err())
                    .contains("Sch ema.egg")
                    .contains("public.egg")
                    .contains("with its schema");
            assertThat(Installed.writer(two, "extract", "Sch ema.egg").text()).isEqualTo("x\n5\n");
        } finally {
            SERVER.sql(NAME, "DROP TABLE \"Sch ema\".egg");
        }
    }

    @Test
    void otherEncodingsBecomeUtf8() throws IOException {
        SERVER.sql(
                "postgres",
                "CREATE DATABASE \"" + LATIN + "\" TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'");
        SERVER.sql(
                LATIN, "SET client_encoding = 'UTF8'; CREATE TABLE größe (é text); INSERT INTO größe VALUES ('süß')");
        Installed.Answer answer = Installed.writer(dump(LATIN), "extract", "größe", "--format", "json");
        assertThat(answer.text()).as(answer.err()).isEqualTo("[\n{\"é\":\"süß\"}\n]\n");
    }

    private static byte[] dump(String database) throws IOException {
        Path file = folder.resolve("stream");
        Installed.Answer dump = Installed.shell("$READER --engine postgresql --database '" + database + "' --socket="
                + SERVER.socketFolder() + " --user=postgres --clients=" + SERVER.programs() + " > " + file);
        assertThat(dump.status()).as(dump.err()).isZero();
        return Files.readAllBytes(file);
    }

    private static String extract(String table, String format) {
        Installed.Answer answer = Installed.writer(stream, "extract", "--format", format, "--", table);
        assertThat(answer.status()).as(table + ": " + answer.err()).isZero();
        return answer.text();
    }

    private static String server(String table) {
        String columns = SERVER.sql(
                        NAME,
                        "SELECT string_agg(quote_ident(attname), ',' ORDER BY attnum) FROM pg_attribute WHERE attrelid ="
                                + " '" + table.replace("'", "''")
                                + "'::regclass AND attnum > 0 AND attgenerated = '' AND NOT attisdropped")
                .stripTrailing();
        return SERVER.sql(
                NAME,
                SETTINGS + "COPY (SELECT " + columns + " FROM ONLY " + table + ") TO STDOUT (FORMAT csv, HEADER)");
    }

    private static String randomRows(Random random) {
        StringBuilder sql = new StringBuilder();
        int[] special = "'\"\\\n\r\t\b\f\u000b,;.{}NULLéß漢😀\u0001\u007f -$"
                .codePoints()
                .toArray();
        for (int id = 0; id < RANDOM_ROWS; id++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(60); i > 0; i--) {
                text.appendCodePoint(
                        random.nextBoolean() ? special[random.nextInt(special.length)] : random.nextInt(126) + 1);
            }
            byte[] bytes = new byte[random.nextInt(500)];
            random.nextBytes(bytes);
            String t = "convert_from('\\x"
                    + HexFormat.of().formatHex(text.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8))
                    + "', 'UTF8')";
            sql.append("INSERT INTO public.random VALUES (" + (random.nextInt(30) == 0 ? "NULL" : id) + ", " + t
                    + ", '\\x"
                    + HexFormat.of().formatHex(bytes) + "', " + random.nextLong() + "." + random.nextInt(1000000) + ", "
                    + random.nextGaussian() * Math.pow(10, random.nextInt(600) - 300) + ", ARRAY[" + t + ", NULL], '"
                    + (char) ('a' + random.nextInt(26)) + "');\n");
        }
        return sql.toString();
    }
}
