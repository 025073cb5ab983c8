package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.testkit.AwkwardMariaDb;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows out of a stream of MariaDB are what the server answers, whatever their types and values are. */
class ExtractMariaDbIT {
    private static final String NAME = "extract it";
    private static final int RANDOM_ROWS = 3000;
    private static final Set<String> BYTES =
            Set.of("binary", "varbinary", "blob", "longblob", "geometry", "point", "polygon", "tinyblob", "mediumblob");
    private static final ThrowawayMariaDb SERVER = ThrowawayMariaDb.shared();
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    @TempDir
    private static Path folder;

    private static Path stream;

    @BeforeAll
    static void dump() {
        AwkwardMariaDb.create(SERVER, NAME);
        SERVER.sql(
                NAME,
                "CREATE TABLE numbers_too (z int(8) ZEROFILL, n decimal(10,2) unsigned zerofill, r real, t tinyint(1),"
                        + " b64 bit(64), s set('a','b'), p polygon, tb tinyblob, nv national varchar(10));"
                        + "INSERT INTO numbers_too VALUES (7, 1.5, -1e300, 1, b'1111000011110000', 'a,b',"
                        + " PolygonFromText('POLYGON((0 0,1 0,1 1,0 0))'), '', 'x'), (0, 0, 0, -128, 0, '', NULL, 0x00,"
                        + " NULL), (12345678, 12345678.9, 1.5e-10, 0, ~0, NULL, NULL, 0xff00, '');"
                        + "CREATE TABLE random (id int PRIMARY KEY, t longtext CHARACTER SET utf8mb4, b longblob, l"
                        + " varchar(200) CHARACTER SET latin1, u bigint unsigned, f double, m bit(64), d datetime(6), n"
                        + " decimal(40,10), v varbinary(300));");
        SERVER.sql(NAME, randomRows(new Random(42)));
        stream = folder.resolve("stream");
        Installed.Answer dump = Installed.shell("$READER --engine mariadb --database '" + NAME + "' --socket="
                + SERVER.socket() + " --user=root --output '" + stream + "'");
        assertThat(dump.status()).as(dump.err()).isZero();
    }

    @AfterAll
    static void drop() {
        SERVER.sql("", "DROP DATABASE IF EXISTS `" + NAME + "`");
    }

    @Test
    void everyValueOfEveryTypeIsTheServersOwn() {
        List<String> tables = lines("SELECT HEX(TABLE_NAME) FROM information_schema.TABLES WHERE TABLE_SCHEMA = '"
                + NAME + "' AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')");
        assertThat(tables).hasSizeGreaterThan(15);
        for (String hex : tables) {
            String table = new String(HexFormat.of().parseHex(hex.toLowerCase(Locale.ROOT)), StandardCharsets.UTF_8);
            Csv csv = Csv.parse(extract(table, "csv"));
            Map<String, String> types = types(table);
            assertThat(csv.header()).as(table).containsAll(types.keySet());
            assertThat(hexed(csv, types))
                    .as(table)
                    .containsExactlyInAnyOrderElementsOf(answer(table, csv.header(), types));
            sameInJson(table, csv, types);
        }
    }

    @Test
    void theStatementsMakeTheSameRowsAgain() {
        for (String table : List.of("bytes", "types", "random", "generated", "text and nothing", "numbers_too")) {
            String quoted = "`" + table + "`";
            String before = checksum(quoted);
            String sql = extract(table, "sql");
            SERVER.sql(NAME, "DELETE FROM " + quoted);
            assertThat(checksum(quoted)).isNotEqualTo(before);
            SERVER.client(NAME, sql.getBytes(StandardCharsets.UTF_8)).orFail();
            assertThat(checksum(quoted)).as(table).isEqualTo(before);
        }
    }

    @Test
    void conditionsFindTheirRows() {
        assertThat(extract("text and nothing", "csv", "value=NULL")).isEqualTo("id,value\n2,NULL\n");
        assertThat(extract("text and nothing", "csv", "value=")).isEqualTo("id,value\n3,\"\"\n");
        assertThat(extract("bytes", "json", "fixed=\\xff000000", "id=255")).contains("\"id\":255");
        assertThat(extract("child", "json", "id=10", "parent=2")).isEqualTo("[]\n");
        assertThat(extract("child", "json", "id=10")).isEqualTo("[\n{\"id\":10,\"parent\":1}\n]\n");

        Installed.Answer unknown = run("child", "csv", "nosuch=1");
        assertThat(unknown.status()).isEqualTo(ExitCode.USAGE.code());
        assertThat(unknown.err()).contains("no column of `child` fits").contains("the columns are id, parent");
        Installed.Answer missing = run("nosuch", "csv");
        assertThat(missing.status()).isEqualTo(ExitCode.USAGE.code());
        assertThat(missing.err()).contains("the stream holds no table nosuch").contains("hint: it holds Upper Case");
    }

    @Test
    void aDamagedStreamIsNoSuccess() throws IOException {
        byte[] whole = Files.readAllBytes(stream);
        byte[] cut = Arrays.copyOf(whole, whole.length - 10);
        Installed.Answer answer = Installed.writer(cut, "extract", "child", "--format", "json");
        assertThat(answer.status()).isEqualTo(ExitCode.TRUNCATED_STREAM.code());
        assertThat(answer.text()).doesNotContain("]");
        byte[] flipped = whole.clone();
        flipped[whole.length / 2] ^= 1;
        assertThat(Installed.writer(flipped, "extract", "child").status()).isEqualTo(ExitCode.DAMAGED_STREAM.code());
    }

    private static String extract(String table, String format, String... where) {
        Installed.Answer answer = run(table, format, where);
        assertThat(answer.status()).as(table + ": " + answer.err()).isZero();
        return answer.text();
    }

    private static Installed.Answer run(String table, String format, String... where) {
        List<String> arguments = new ArrayList<>(List.of("extract", "--format", format, "--", table));
        for (String condition : where) {
            arguments.add(1, "--where=" + condition);
        }
        try {
            return Installed.writer(Files.readAllBytes(stream), arguments.toArray(String[]::new));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Map<String, String> types(String table) {
        Map<String, String> types = new TreeMap<>();
        for (String line :
                lines("SELECT HEX(COLUMN_NAME), DATA_TYPE FROM information_schema.COLUMNS WHERE TABLE_SCHEMA =" + " '"
                        + NAME + "' AND BINARY TABLE_NAME = '" + table.replace("'", "''") + "'")) {
            String[] fields = line.split("\t");
            types.put(
                    new String(HexFormat.of().parseHex(fields[0].toLowerCase(Locale.ROOT)), StandardCharsets.UTF_8),
                    fields[1]);
        }
        return types;
    }

    /** Each row as the hexadecimal digits of its values, with tabs between. */
    private static List<String> answer(String table, List<String> columns, Map<String, String> types) {
        String values = columns.stream()
                .map(column -> {
                    String name = MariaDbClients.identifier(column);
                    String type = types.getOrDefault(column, "");
                    if (BYTES.contains(type)) {
                        return "HEX(" + name + ")";
                    }
                    String text = type.equals("bit") ? name + " + 0" : name;
                    return "HEX(CONVERT(CAST(" + text + " AS CHAR) USING utf8mb4))";
                })
                .collect(Collectors.joining(", "));
        String history = table.equals("versioned") ? " FOR SYSTEM_TIME ALL" : "";
        return lines("SET NAMES utf8mb4; SET time_zone = '+00:00'; SELECT " + values + " FROM "
                + MariaDbClients.identifier(table) + history);
    }

    private static List<String> hexed(Csv csv, Map<String, String> types) {
        List<String> rows = new ArrayList<>();
        for (List<String> row : csv.rows()) {
            List<String> fields = new ArrayList<>();
            for (int i = 0; i < row.size(); i++) {
                String value = row.get(i);
                boolean bytes = BYTES.contains(types.getOrDefault(csv.header().get(i), ""));
                fields.add(
                        value == null
                                ? "NULL"
                                : bytes
                                        ? value.substring(2).toUpperCase(Locale.ROOT)
                                        : HexFormat.of()
                                                .withUpperCase()
                                                .formatHex(value.getBytes(StandardCharsets.UTF_8)));
            }
            rows.add(String.join("\t", fields));
        }
        return rows;
    }

    private static void sameInJson(String table, Csv csv, Map<String, String> types) {
        JsonNode rows = parse(extract(table, "json"));
        assertThat(rows.size()).isEqualTo(csv.rows().size());
        for (int i = 0; i < rows.size(); i++) {
            for (int j = 0; j < csv.header().size(); j++) {
                String column = csv.header().get(j);
                String expected = csv.rows().get(i).get(j);
                JsonNode actual = rows.get(i).get(column);
                String type = types.getOrDefault(column, "");
                if (expected == null) {
                    assertThat(actual.isNull()).isTrue();
                } else if (BYTES.contains(type)) {
                    assertThat("\\x"
                                    + HexFormat.of()
                                            .formatHex(Base64.getDecoder().decode(actual.textValue())))
                            .isEqualTo(expected);
                } else if (Set.of("int", "bigint", "decimal", "double", "float", "tinyint", "bit", "year")
                        .contains(type)) {
                    assertThat(actual.isNumber()).as(column + " " + actual).isTrue();
                    assertThat(actual.decimalValue()).isEqualByComparingTo(new BigDecimal(expected));
                } else {
                    assertThat(actual.textValue()).isEqualTo(expected);
                }
            }
        }
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new AssertionError(json, e);
        }
    }

    private static String checksum(String table) {
        return SERVER.sql(NAME, "CHECKSUM TABLE " + table);
    }

    private static List<String> lines(String sql) {
        return SERVER.sql(NAME, sql).lines().toList();
    }

    private static String randomRows(Random random) {
        StringBuilder sql = new StringBuilder("SET NAMES utf8mb4;\n");
        for (int id = 0; id < RANDOM_ROWS; id++) {
            sql.append("INSERT INTO random VALUES (" + id + ", " + randomText(random) + ", " + randomBytes(random, 2000)
                    + ", " + latin(random) + ", " + Long.toUnsignedString(random.nextLong()) + ", "
                    + random.nextGaussian() * Math.pow(10, random.nextInt(600) - 300) + ", "
                    + Long.toUnsignedString(random.nextLong()) + ", FROM_UNIXTIME(" + random.nextInt(2_000_000_000)
                    + "."
                    + random.nextInt(1_000_000) + "), " + random.nextLong() + "." + random.nextInt(10_000_000) + ", "
                    + randomBytes(random, 300) + ");\n");
        }
        return sql.toString();
    }

    private static String randomText(Random random) {
        StringBuilder text = new StringBuilder();
        String special = "'\"\\\0\n\r\t\b\u001a`%_;,()NULLéß漢😀 -#/*";
        int[] characters = special.codePoints().toArray();
        int length = random.nextInt(60);
        for (int i = 0; i < length; i++) {
            text.appendCodePoint(
                    random.nextBoolean() ? characters[random.nextInt(characters.length)] : ' ' + random.nextInt(90));
        }
        return "CONVERT(X'" + hex(text.toString().getBytes(StandardCharsets.UTF_8)) + "' USING utf8mb4)";
    }

    private static String latin(Random random) {
        byte[] bytes = new byte[1 + random.nextInt(199)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (random.nextInt(3) == 0 ? 0xA0 + random.nextInt(0x60) : random.nextInt(0x80));
        }
        return "_latin1 0x" + hex(bytes);
    }

    private static String randomBytes(Random random, int limit) {
        if (random.nextInt(20) == 0) {
            return random.nextBoolean() ? "NULL" : "''";
        }
        byte[] bytes = new byte[1 + random.nextInt(limit - 1)];
        random.nextBytes(bytes);
        return "0x" + hex(bytes);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
