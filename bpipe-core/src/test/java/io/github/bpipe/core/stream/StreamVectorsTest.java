package io.github.bpipe.core.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.bpipe.core.error.ExitCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The hand-built streams of {@code stream-vectors/}, one fault each, with the outcome that FORMAT.md prescribes. */
class StreamVectorsTest {
    private static final List<String> FILES = List.of("input", "frames", "header", "blocks", "trailer");
    private static final Pattern EXPECTED = Pattern.compile("refuse (\\w+) at (\\S+): (.*)");

    /** Stands in an expected message for the sha256 of what precedes the trailer. */
    private static final String SHA256 = "<sha256>";

    @TestFactory
    Stream<DynamicContainer> vectors() {
        return FILES.stream().map(file -> DynamicContainer.dynamicContainer(file, tests(file)));
    }

    private static List<DynamicTest> tests(String file) {
        List<DynamicTest> tests = new ArrayList<>();
        for (String vector : text("/stream-vectors/" + file + ".txt").split("(?m)^== ")) {
            List<String> lines = vector.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
            if (!lines.isEmpty()) {
                tests.add(DynamicTest.dynamicTest(lines.get(0), () -> check(lines.subList(1, lines.size()))));
            }
        }
        return tests;
    }

    private static void check(List<String> lines) throws IOException {
        String expected = lines.get(lines.size() - 1);
        StreamScript script = StreamScript.of(lines.subList(0, lines.size() - 1).toArray(String[]::new));
        if (expected.equals("accept")) {
            assertThat(new String(Verified.content(script.bytes()), StandardCharsets.UTF_8))
                    .isEqualTo(script.content());
            return;
        }
        Matcher refused = EXPECTED.matcher(expected);
        assertThat(refused.matches()).as(expected).isTrue();
        Throwable thrown = catchThrowable(() -> Verified.content(script.bytes()));
        assertThat(thrown).isInstanceOf(StreamException.class);
        StreamException exception = (StreamException) thrown;
        int offset = script.place(refused.group(2));
        String message = refused.group(3).contains(SHA256)
                ? refused.group(3).replace(SHA256, script.sha256Before("T0"))
                : refused.group(3);
        boolean aborted = refused.group(1).equals(ExitCode.ABORTED_STREAM.name());
        assertThat(exception)
                .hasMessage(message + (aborted ? " (frame A at byte " + offset + ")" : " at byte " + offset));
        assertThat(exception.offset()).isEqualTo(offset);
        assertThat(exception.exitCode()).isEqualTo(ExitCode.valueOf(refused.group(1)));
        assertThat(exception.hint()).isNotBlank();
        failsTheSameWayAgain(script.bytes());
    }

    private static void failsTheSameWayAgain(byte[] stream) {
        StreamDecoder decoder = new StreamDecoder(new ByteArrayInputStream(stream));
        Throwable first = catchThrowable(() -> readAll(decoder));
        if (first != null) {
            assertThat(catchThrowable(decoder::nextBlock)).isSameAs(first);
        }
    }

    private static void readAll(StreamDecoder decoder) throws IOException {
        StoredBlock block = decoder.nextBlock();
        while (block != null) {
            block = decoder.nextBlock();
        }
    }

    private static String text(String resource) {
        try (InputStream in = StreamVectorsTest.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(resource, e);
        }
    }
}
