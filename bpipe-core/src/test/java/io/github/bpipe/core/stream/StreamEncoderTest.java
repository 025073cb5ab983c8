package io.github.bpipe.core.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.testkit.Programs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StreamEncoderTest {
    private static final Abort ABORT = new Abort(17, "the server went away", "look at its log");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @TempDir
    private Path folder;

    @Test
    void manyThreadsKeepTheOrder() throws IOException {
        StringBuilder expected = new StringBuilder();
        try (StreamEncoder encoder = encoder(8)) {
            encoder.header(StreamRoundTripTest.header());
            byte[] buffer = new byte[StreamFormat.BLOCK_BYTES];
            for (int i = 0; i < 400; i++) {
                // long and short blocks by turns, so that the later ones are ready first
                String text = ("statement " + i + "\n").repeat(i % 3 == 0 ? 5000 : 1);
                expected.append(text);
                buffer = put(encoder, buffer, text);
            }
            encoder.finish(List.of(), 1);
        }
        assertThat(text(Verified.content(out.toByteArray()))).isEqualTo(expected.toString());
    }

    @Test
    void theZstdProgramReadsIt() throws IOException {
        try (StreamEncoder encoder = encoder(2)) {
            encoder.header(StreamRoundTripTest.header());
            byte[] buffer = put(encoder, new byte[StreamFormat.BLOCK_BYTES], "CREATE TABLE t (i int);\n");
            put(encoder, buffer, "INSERT INTO t VALUES (1);\n");
            encoder.finish(List.of(new ObjectEntry("t", "table", 0L, 50L)), 26);
        }
        String zstd = Programs.find("zstd", "zstd");
        Path file = Files.write(folder.resolve("s.zst"), out.toByteArray());
        Programs.run(zstd, "-t", file.toString()).orFail();
        assertThat(Programs.run(zstd, "-dc", file.toString()).orFail())
                .isEqualTo("CREATE TABLE t (i int);\nINSERT INTO t VALUES (1);\n");
    }

    @Test
    void aLongListOfObjectsIsCutIntoFrames() throws IOException {
        List<ObjectEntry> objects = IntStream.range(0, 200_000)
                .mapToObj(i -> new ObjectEntry("tabl\u00e9 \"\n" + i, "table", 0L, (long) i))
                .toList();
        try (StreamEncoder encoder = encoder(1)) {
            encoder.header(StreamRoundTripTest.header());
            assertThat(encoder.finish(objects, 0).objects()).isEqualTo(200_000);
        }
        StreamDecoder decoder = new StreamDecoder(new java.io.ByteArrayInputStream(out.toByteArray()));
        assertThat(decoder.nextBlock()).isNull();
        assertThat(decoder.objects()).isEqualTo(objects);
        assertThat(framesOf('O')).hasSizeGreaterThan(2).allMatch(length -> length < 8 << 20);
    }

    @Test
    void anObjectWithALongNameGetsAFrameOfItsOwn() throws IOException {
        List<ObjectEntry> objects = List.of(
                new ObjectEntry("\u0001".repeat(2_000_000), "view", null, null),
                new ObjectEntry("b", "view", null, null));
        try (StreamEncoder encoder = encoder(1)) {
            encoder.header(StreamRoundTripTest.header());
            encoder.finish(objects, 0);
        }
        assertThat(framesOf('O')).hasSize(2).allMatch(length -> length < StreamFormat.MAX_FRAME_BYTES);
    }

    @Test
    void closedWithoutFinishItIsRefused() throws IOException {
        try (StreamEncoder encoder = encoder(1)) {
            encoder.header(StreamRoundTripTest.header());
            put(encoder, new byte[StreamFormat.BLOCK_BYTES], "INSERT INTO t VALUES (1);\n");
        }
        assertThat(refusal().exitCode()).isEqualTo(ExitCode.TRUNCATED_STREAM);
    }

    @Test
    void anAbortBeforeTheHeaderIsAStreamThatSaysWhy() throws IOException {
        try (StreamEncoder encoder = encoder(1)) {
            encoder.abort(ABORT);
            endedForAllCalls(encoder);
        }
        assertThat(refusal())
                .hasMessageStartingWith("the dump failed when it was made: the server went away (frame A at byte ")
                .returns(ExitCode.ABORTED_STREAM, StreamException::exitCode)
                .returns(0L, StreamException::offset)
                .returns("use an older backup; for the next one: look at its log", StreamException::hint);
    }

    @Test
    void anAbortWritesWhatIsUnderWayFirst() throws IOException {
        try (StreamEncoder encoder = encoder(2)) {
            encoder.header(StreamRoundTripTest.header());
            byte[] buffer = new byte[StreamFormat.BLOCK_BYTES];
            for (int i = 0; i < 6; i++) {
                buffer = put(encoder, buffer, "INSERT INTO t VALUES (" + i + ");\n");
            }
            encoder.abort(ABORT);
            endedForAllCalls(encoder);
        }
        assertThat(refusal().exitCode()).isEqualTo(ExitCode.ABORTED_STREAM);
        assertThat(framesOf('B')).hasSize(6);
    }

    @Test
    void nothingFollowsTheTrailer() throws IOException {
        try (StreamEncoder encoder = encoder(1)) {
            assertThatThrownBy(() -> encoder.finish(List.of(), 0)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> put(encoder, new byte[StreamFormat.BLOCK_BYTES], "x"))
                    .isInstanceOf(IllegalStateException.class);
            encoder.header(StreamRoundTripTest.header());
            assertThatThrownBy(() -> encoder.header(StreamRoundTripTest.header()))
                    .isInstanceOf(IllegalStateException.class);
            encoder.finish(List.of(), 0);
            endedForAllCalls(encoder);
        }
        assertThat(Verified.content(out.toByteArray())).isEmpty();
    }

    @Test
    void nothingFollowsTheClose() throws IOException {
        StreamEncoder encoder = encoder(1);
        encoder.header(StreamRoundTripTest.header());
        encoder.close();
        endedForAllCalls(encoder);
    }

    @Test
    void aBlockOfTheWrongSizeIsTheCallersMistake() throws IOException {
        try (StreamEncoder encoder = encoder(1)) {
            encoder.header(StreamRoundTripTest.header());
            byte[] full = new byte[StreamFormat.BLOCK_BYTES];
            for (int length : new int[] {-1, 0, StreamFormat.BLOCK_BYTES + 1}) {
                assertThatThrownBy(() -> encoder.block(Phase.DATA, "t", full, length, 0, false))
                        .isInstanceOf(IllegalArgumentException.class);
            }
            assertThatThrownBy(() -> encoder.block(Phase.DATA, "t", new byte[8], 8, 0, false))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aHeaderLargerThanAFrameIsTheCallersMistake() {
        Header usual = StreamRoundTripTest.header();
        Header large = new Header(
                usual.id(),
                usual.kind(),
                null,
                usual.tool(),
                usual.engine(),
                usual.database(),
                null,
                usual.created(),
                null,
                null,
                Json.toTree(Map.of("note", "x".repeat(StreamFormat.MAX_FRAME_BYTES))),
                null,
                null,
                null);
        try (StreamEncoder encoder = encoder(1)) {
            assertThatThrownBy(() -> encoder.header(large)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(out.size()).isZero();
    }

    private StreamEncoder encoder(int threads) {
        return new StreamEncoder(out, 3, threads, () -> {});
    }

    private static byte[] put(StreamEncoder encoder, byte[] buffer, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, buffer, 0, bytes.length);
        return encoder.block(Phase.DATA, "t", buffer, bytes.length, 0, false);
    }

    private static void endedForAllCalls(StreamEncoder encoder) {
        assertThatThrownBy(() -> encoder.header(StreamRoundTripTest.header()))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> put(encoder, new byte[StreamFormat.BLOCK_BYTES], "x"))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> encoder.finish(List.of(), 0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> encoder.abort(ABORT)).isInstanceOf(IllegalStateException.class);
    }

    private StreamException refusal() {
        return catchThrowableOfType(StreamException.class, () -> Verified.content(out.toByteArray()));
    }

    /** Lengths of all skippable frames of one kind. */
    private List<Integer> framesOf(char kind) {
        List<Integer> lengths = new java.util.ArrayList<>();
        byte[] stream = out.toByteArray();
        int at = 0;
        while (at < stream.length) {
            if (FrameCodec.littleEndianInt(stream, at) == StreamFormat.ZSTD_MAGIC) {
                at += Math.toIntExact(
                        com.github.luben.zstd.Zstd.findFrameCompressedSize(stream, at, stream.length - at));
                continue;
            }
            int length = FrameCodec.littleEndianInt(stream, at + 4);
            if (stream[at + 12] == kind) {
                lengths.add(length);
            }
            at += 8 + length;
        }
        return lengths;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
