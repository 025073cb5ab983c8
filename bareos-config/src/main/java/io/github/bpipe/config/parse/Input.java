package io.github.bpipe.config.parse;

import io.github.bpipe.config.model.Position;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The text of one file and a place in it. */
final class Input {
    /** Returned at the end of the file. */
    static final int END = -1;

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final Path file;
    private final String text;
    private int at;
    private int line = 1;

    private Input(Path file, String text) {
        this.file = file;
        this.text = text;
    }

    /** Bytes that are no UTF-8 do not matter here: they stand in comments and names. */
    static Input open(Path file) throws IOException {
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        return new Input(file, !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text);
    }

    Path file() {
        return file;
    }

    Position position() {
        return new Position(file, line);
    }

    int peek() {
        return at < text.length() ? text.charAt(at) : END;
    }

    int next() {
        int c = peek();
        if (c != END) {
            at++;
            line += c == '\n' ? 1 : 0;
        }
        return c;
    }

    /** The characters up to one of {@code stops} or the end of the file. */
    String until(String stops) {
        StringBuilder taken = new StringBuilder();
        while (peek() != END && stops.indexOf(peek()) < 0) {
            taken.append((char) next());
        }
        return taken.toString();
    }

    void skipLine() {
        until("\n");
    }

    /** Skips blanks on this line. */
    void skipBlanks() {
        while (peek() == ' ' || peek() == '\t' || peek() == '\r') {
            next();
        }
    }

    /** Skips blanks, line ends and comments. */
    void skipToContent() {
        for (skipBlanks(); peek() == '\n' || peek() == '#'; skipBlanks()) {
            if (peek() == '#') {
                skipLine();
            } else {
                next();
            }
        }
    }

    /** True, and then skipped to, when the next content of the file is this character. */
    boolean continuesWith(char c) {
        int rememberedAt = at;
        int rememberedLine = line;
        skipToContent();
        if (peek() == c) {
            return true;
        }
        at = rememberedAt;
        line = rememberedLine;
        return false;
    }
}
