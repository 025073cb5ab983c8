package io.github.bpipe.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.testkit.Programs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What FORMAT.md says by example and in numbers is so. */
class FormatExampleTest {
    private static final Path FORMAT = Path.of("..", "FORMAT.md");

    @TempDir
    private Path folder;

    @Test
    void theExampleIsAWholeStream() throws IOException {
        assertThat(new String(Verified.content(example()), StandardCharsets.UTF_8))
                .isEqualTo(fenced("sql"));
    }

    @Test
    void zstdYieldsTheScriptOfTheExample() throws IOException {
        Path file = Files.write(folder.resolve("example.zst"), example());
        assertThat(Programs.run(Programs.find("zstd", "zstd"), "-dc", file.toString())
                        .orFail())
                .isEqualTo(fenced("sql"));
    }

    @Test
    void theFramesOfTheExampleStandWhereTheTableSays() throws IOException {
        byte[] example = example();
        Matcher row = Pattern.compile("\\| (\\d+) \\| `0x[0-9a-f]+` \\| (?:frame (.)|zstd frame) \\|")
                .matcher(Files.readString(FORMAT));
        int rows = 0;
        for (; row.find(); rows++) {
            int at = Integer.parseInt(row.group(1));
            boolean ours = row.group(2) != null;
            assertThat(FrameCodec.littleEndianInt(example, at))
                    .isEqualTo(ours ? StreamFormat.SKIPPABLE_MAGIC : StreamFormat.ZSTD_MAGIC);
            if (ours) {
                assertThat((char) example[at + 12]).isEqualTo(row.group(2).charAt(0));
            }
        }
        assertThat(rows).isEqualTo(7);
    }

    @Test
    void theExitStatusesAreThoseOfThePrograms() throws IOException {
        String format = Files.readString(FORMAT);
        for (ExitCode code : List.of(
                ExitCode.NOT_A_STREAM,
                ExitCode.ABORTED_STREAM,
                ExitCode.TRUNCATED_STREAM,
                ExitCode.DAMAGED_STREAM,
                ExitCode.UNSUPPORTED_STREAM,
                ExitCode.INPUT)) {
            String name = code.name().replace("_STREAM", "").replace('_', ' ').toLowerCase(java.util.Locale.ROOT);
            assertThat(format).contains("| " + (name.equals("not a") ? "not a stream" : name) + " | " + code.code());
        }
    }

    @Test
    void theBoundsAreThoseOfTheCode() throws IOException {
        assertThat(Files.readString(FORMAT))
                .contains(String.format(
                        java.util.Locale.ROOT,
                        "%d to %,d",
                        StreamFormat.FRAME_HEAD_BYTES,
                        StreamFormat.MAX_FRAME_BYTES))
                .contains(String.format(java.util.Locale.ROOT, "1 to %,d", StreamFormat.MAX_STORED_BYTES))
                .contains(String.format(
                        java.util.Locale.ROOT,
                        "1 to %,d (the toolkit makes blocks of at most %,d)",
                        StreamFormat.MAX_BLOCK_BYTES,
                        StreamFormat.BLOCK_BYTES));
    }

    private static byte[] example() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String line : fenced("hexdump").lines().toList()) {
            String digits = line.replaceFirst("\\|.*", "").replaceFirst("^[0-9a-f]{8}", "");
            bytes.writeBytes(HexFormat.of().parseHex(digits.replace(" ", "")));
        }
        return bytes.toByteArray();
    }

    private static String fenced(String language) throws IOException {
        Matcher matcher = Pattern.compile("(?s)```" + language + "\n(.*?)```").matcher(Files.readString(FORMAT));
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }
}
