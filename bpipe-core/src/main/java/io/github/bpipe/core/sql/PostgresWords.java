package io.github.bpipe.core.sql;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The words that a statement begins with: enough to know what it does to which object. A qualified name is one word,
 * quoted as in the statement; any other character is a word of its own.
 */
public final class PostgresWords {
    private final byte[] bytes;
    private final int to;
    private final Charset charset;
    private int at;

    private PostgresWords(byte[] bytes, int from, int to, Charset charset) {
        this.bytes = bytes;
        this.at = from;
        this.to = to;
        this.charset = charset;
    }

    /**
     * The first words of a statement.
     *
     * @param from index of its first token
     * @param to index behind its last byte
     * @param limit how many words at most
     * @param charset of the script
     */
    public static List<String> of(byte[] bytes, int from, int to, int limit, Charset charset) {
        PostgresWords scanner = new PostgresWords(bytes, from, to, charset);
        List<String> words = new ArrayList<>(limit);
        while (words.size() < limit) {
            String word = scanner.next();
            if (word == null) {
                break;
            }
            words.add(word);
        }
        return words;
    }

    /** The parts of a qualified name, without their quotes. */
    public static List<String> parts(String qualifiedName) {
        List<String> parts = new ArrayList<>();
        byte[] name = qualifiedName.getBytes(StandardCharsets.UTF_8);
        int at = 0;
        while (at < name.length) {
            int end = endOfPart(name, at, name.length);
            String part = new String(name, at, end - at, StandardCharsets.UTF_8);
            parts.add(
                    part.startsWith("\"") ? part.substring(1, part.length() - 1).replace("\"\"", "\"") : part);
            at = end + 1;
        }
        return parts;
    }

    private String next() {
        while (at < to && (bytes[at] == ' ' || bytes[at] == '\n' || bytes[at] == '\t' || bytes[at] == '\r')) {
            at++;
        }
        if (at == to) {
            return null;
        }
        int from = at;
        at = endOfPart(bytes, at, to);
        while (at > from && at + 1 < to && bytes[at] == '.' && endOfPart(bytes, at + 1, to) > at + 1) {
            at = endOfPart(bytes, at + 1, to);
        }
        at = Math.max(at, from + 1);
        return new String(bytes, from, at - from, charset);
    }

    /** Index behind the quoted or plain name that begins here; the same index where none does. */
    private static int endOfPart(byte[] bytes, int from, int to) {
        int i = from;
        if (bytes[from] != '"') {
            while (i < to && isPlain(bytes[i])) {
                i++;
            }
            return i;
        }
        i++;
        while (i < to && (bytes[i] != '"' || (i + 1 < to && bytes[i + 1] == '"'))) {
            i += bytes[i] == '"' ? 2 : 1;
        }
        return Math.min(i + 1, to);
    }

    private static boolean isPlain(byte b) {
        return (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || (b >= '0' && b <= '9')
                || b == '_'
                || b == '$'
                || b < 0;
    }
}
