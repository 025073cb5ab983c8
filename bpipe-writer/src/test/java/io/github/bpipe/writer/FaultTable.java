package io.github.bpipe.writer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What came of each fault, printed and kept as {@code target/fault-matrix.md}. */
final class FaultTable {
    private static final int MOST = 110;

    private final List<String> lines = new ArrayList<>(List.of(
            "| engine | step | fault | live | the run says | the next run says |", "|---|---|---|---|---|---|"));

    void add(String engine, FaultPoint point, Fault fault, String live, String said, String next) {
        lines.add(
                "| " + String.join(" | ", engine, point.name(), fault.toString(), live, cell(said), cell(next)) + " |");
    }

    /** Prints it. */
    void print() throws IOException {
        System.out.println(String.join("\n", lines));
        Files.write(Path.of("target", "fault-matrix.md"), lines, StandardCharsets.UTF_8);
    }

    private static String cell(String text) {
        String line = text.replace("bpipe-writer: ", "")
                .replaceAll("\\s*\\n(hint: [^\\n]*)?", "; ")
                .replace('|', '/');
        return line.length() > MOST ? line.substring(0, MOST) + "..." : line;
    }
}
