package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.core.stream.ObjectEntry;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.core.stream.StreamEncoder;
import io.github.bpipe.core.stream.StreamFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A row of nearly the 64 MiB of text that are promised fits the heap. */
class ExtractLongRowIT {
    private static final String TABLE = "t";
    private static final int TEXT_BYTES = 62 << 20;
    private static final String ESCAPED = "it\\'s a line\\n";
    private static final String HEX = "00ff";

    @TempDir
    private static Path folder;

    @ParameterizedTest
    @CsvSource({
        "mariadb, json, text",
        "mariadb, csv, text",
        "mariadb, sql, text",
        "mariadb, json, bytes",
        "postgresql, json, text",
        "postgresql, json, bytes",
        "postgresql, csv, bytes"
    })
    void itFits(String engine, String format, String kind) throws IOException {
        boolean text = kind.equals("text");
        Path stream = folder.resolve(engine + "-" + kind);
        if (Files.notExists(stream)) {
            write(stream, engine, text);
        }
        Path out = folder.resolve("out");
        Installed.Answer answer =
                Installed.shell("$WRITER extract " + TABLE + " --format " + format + " < " + stream + " > " + out);
        assertThat(answer.status()).as(answer.err()).isEqualTo(ExitCode.OK.code());
        long units = TEXT_BYTES / unit(engine, text).length();
        assertThat(Files.size(out)).isBetween(units * (text ? 12 : 2), units * (text ? 16 : 5));
    }

    private static String unit(String engine, boolean text) {
        return text ? engine.equals("mariadb") ? ESCAPED : ESCAPED.replace("\\'", "'") : HEX;
    }

    private static void write(Path stream, String engine, boolean text) throws IOException {
        boolean mariaDb = engine.equals("mariadb");
        String definition = mariaDb
                ? "CREATE TABLE `t` (\n  `id` int(11) NOT NULL,\n  `v` " + (text ? "longtext" : "longblob")
                        + ",\n  PRIMARY KEY (`id`)\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;\n"
                : "CREATE TABLE public.t (\n    id integer NOT NULL,\n    v " + (text ? "text" : "bytea") + "\n);\n\n";
        String begin = mariaDb
                ? "INSERT INTO `t` VALUES\n(1," + (text ? "'" : "0x")
                : "COPY public.t (id, v) FROM stdin;\n1\t" + (text ? "" : "\\\\x");
        String end = mariaDb ? (text ? "'" : "") + ");\n" : "\n\\.\n";
        try (OutputStream out = Files.newOutputStream(stream);
                StreamEncoder encoder = new StreamEncoder(out, 1, 1, () -> {})) {
            encoder.header(new Header(
                    UUID.randomUUID(),
                    StreamFormat.KIND_FULL,
                    List.of(),
                    "test",
                    engine,
                    "db",
                    null,
                    Instant.now(),
                    null,
                    null,
                    null,
                    List.of(),
                    null,
                    null));
            String object = mariaDb ? TABLE : "public." + TABLE;
            block(encoder, Phase.SCHEMA, object, definition, 0, false);
            String unit = unit(engine, text);
            String part = unit.repeat((StreamFormat.BLOCK_BYTES - 1000) / unit.length());
            block(encoder, Phase.DATA, object, begin, 0, true);
            for (int left = TEXT_BYTES / unit.length() * unit.length(); left > 0; ) {
                String next = part.substring(0, Math.min(left, part.length()));
                block(encoder, Phase.DATA, object, next, 0, true);
                left -= next.length();
            }
            block(encoder, Phase.DATA, object, end, 1, false);
            encoder.finish(List.of(new ObjectEntry(object, "table", 1L, null)), TEXT_BYTES);
        }
    }

    private static void block(
            StreamEncoder encoder, Phase phase, String object, String text, long rows, boolean continues)
            throws IOException {
        byte[] filled = new byte[StreamFormat.BLOCK_BYTES];
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, filled, 0, bytes.length);
        encoder.block(phase, object, filled, bytes.length, rows, continues);
    }
}
