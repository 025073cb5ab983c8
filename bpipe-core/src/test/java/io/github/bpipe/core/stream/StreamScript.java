package io.github.bpipe.core.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * Builds a stream, or something that is nearly one, from lines of text. It shares no code with the encoder: FORMAT.md is
 * written down here a second time.
 *
 * <pre>
 * H [{keys}]           a header; the keys replace or (with a minus before the name) remove the usual ones
 * B [{keys}] [| text]  a block frame and its zstd frame; n, raw, stored are counted; B/nochecksum, /nosize, /twice
 * block [{keys}]       a block frame alone
 * zstd | text          a zstd frame alone
 * O [{keys}]           lists the table t with the rows of all blocks
 * T [{keys}]           counts and sha256 of what stands before
 * A [{keys}]           an abort frame
 * frame K content      a frame of any kind (a letter or 0xNN) with any content
 * text ..., gzip | text, hex ..   bytes
 * patch MARK hex, cut MARK        MARK is a byte: H0, B1 (the second), Z0 (zstd frame), T0, end; with +n or -n
 * </pre>
 *
 * {@code <<x*9>>} in a line stands for nine times x.
 */
final class StreamScript {
    private static final int CASTAGNOLI_REVERSED = 0x82F63B78;
    private static final Pattern REPEATED = Pattern.compile("<<(.+?)\\*(\\d+)>>");
    private static final Pattern PLACE = Pattern.compile("([A-Za-z]\\d+|end)([+-]\\d+)?");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Integer> marks = new LinkedHashMap<>();
    private final StringBuilder content = new StringBuilder();
    private byte[] bytes = new byte[0];
    private long blocks;
    private long raw;
    private long rows;
    private long objects;

    /** Builds everything that the lines say. */
    static StreamScript of(String... lines) {
        StreamScript script = new StreamScript();
        for (String line : lines) {
            script.line(line);
        }
        return script;
    }

    byte[] bytes() {
        return bytes.clone();
    }

    /** What {@code zstd -dc} yields of the blocks. */
    String content() {
        return content.toString();
    }

    /** The sha256 of every byte before a MARK. */
    String sha256Before(String mark) {
        return HexFormat.of().formatHex(sha256(Arrays.copyOf(bytes, place(mark))));
    }

    /** The byte that a MARK names. */
    int place(String mark) {
        Matcher matcher = PLACE.matcher(mark);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("no such place: " + mark);
        }
        int base = matcher.group(1).equals("end") ? bytes.length : marks.get(matcher.group(1));
        return matcher.group(2) == null ? base : base + Integer.parseInt(matcher.group(2));
    }

    void line(String written) {
        String line = REPEATED.matcher(written)
                .replaceAll(m -> Matcher.quoteReplacement(m.group(1).repeat(Integer.parseInt(m.group(2)))));
        String word = line.split(" ", 2)[0];
        String rest = line.substring(word.length()).strip();
        String[] parts = rest.split("\\|", 2);
        String keys = parts[0].strip();
        String text = parts.length == 1 ? "" : parts[1].strip().replace("\\n", "\n");
        switch (word) {
            case "H" -> frame('H', merged(header(), keys));
            case "B", "B/nochecksum", "B/nosize", "B/twice" -> block(word, keys, text);
            case "block" -> frame('B', merged(block(0, 1), keys));
            case "zstd" -> append("Z", zstd(text, true, true));
            case "O" -> {
                objects++;
                frame('O', merged(list(), keys));
            }
            case "T" -> frame('T', merged(trailer(), keys));
            case "A" -> frame('A', merged(abort(), keys));
            case "frame" -> {
                String kind = rest.split(" ", 2)[0];
                int letter = kind.startsWith("0x") ? Integer.parseInt(kind.substring(2), 16) : kind.charAt(0);
                frame(letter, rest.substring(kind.length()).strip());
            }
            case "text" -> append("X", rest.getBytes(StandardCharsets.UTF_8));
            case "gzip" -> append("X", gzip(text));
            case "hex" -> append("X", hex(rest));
            case "patch" -> {
                byte[] patch = hex(rest.split(" ", 2)[1]);
                System.arraycopy(patch, 0, bytes, place(rest.split(" ", 2)[0]), patch.length);
            }
            case "cut" -> bytes = Arrays.copyOf(bytes, place(rest));
            default -> throw new IllegalArgumentException("no such line: " + line);
        }
    }

    private void block(String word, String keys, String text) {
        byte[] zstd = zstd(text, !word.endsWith("/nochecksum"), !word.endsWith("/nosize"));
        if (word.endsWith("/twice")) {
            zstd = joined(zstd, zstd);
        }
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        ObjectNode json = merged(block(zstd.length, length), keys);
        frame('B', json);
        append("Z", zstd);
        blocks++;
        raw += length;
        rows += json.path("rows").asLong();
        content.append(text);
    }

    private ObjectNode header() {
        return JSON.createObjectNode()
                .put("id", "0b8f5a4e-5c1c-4a0e-9d5e-6a3a3f3f1c11")
                .put("kind", "full")
                .put("tool", "by hand")
                .put("engine", "mariadb")
                .put("database", "shop")
                .put("created", "2026-01-02T03:04:05Z");
    }

    private ObjectNode block(int stored, int length) {
        return JSON.createObjectNode()
                .put("n", blocks)
                .put("phase", "data")
                .put("object", "t")
                .put("raw", length)
                .put("stored", stored)
                .put("rows", 1)
                .put("continues", false);
    }

    private ObjectNode list() {
        ObjectNode entry = JSON.createObjectNode()
                .put("name", "t")
                .put("kind", "table")
                .put("rows", rows)
                .put("raw", raw);
        ObjectNode list = JSON.createObjectNode();
        list.putArray("objects").add(entry);
        return list;
    }

    private ObjectNode trailer() {
        return JSON.createObjectNode()
                .put("blocks", blocks)
                .put("objects", objects)
                .put("raw", raw)
                .put("rows", rows)
                .put("longest", Math.min(1, raw))
                .put("sha256", HexFormat.of().formatHex(sha256(bytes)))
                .put("finished", "2026-01-02T03:04:06Z");
    }

    private static ObjectNode abort() {
        return JSON.createObjectNode()
                .put("code", 17)
                .put("reason", "the server went away")
                .put("hint", "look at its log");
    }

    private static ObjectNode merged(ObjectNode usual, String keys) {
        if (keys.isEmpty()) {
            return usual;
        }
        try {
            JSON.readTree(keys).properties().forEach(key -> {
                if (key.getKey().startsWith("-")) {
                    usual.remove(key.getKey().substring(1));
                } else {
                    usual.set(key.getKey(), key.getValue());
                }
            });
            return usual;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(keys, e);
        }
    }

    private void frame(int kind, Object json) {
        byte[] content = json.toString().getBytes(StandardCharsets.UTF_8);
        byte[] head = {'B', 'P', 'S', '1', (byte) kind};
        byte[] body = joined(joined(head, littleEndian(crc32c(content))), content);
        byte[] skippable = joined(hex("5B 2A 4D 18"), littleEndian(body.length));
        append(Character.isLetter(kind) ? String.valueOf((char) kind) : "X", joined(skippable, body));
    }

    private void append(String letter, byte[] more) {
        long before =
                marks.keySet().stream().filter(mark -> mark.startsWith(letter)).count();
        marks.put(letter + before, bytes.length);
        bytes = joined(bytes, more);
    }

    private static byte[] zstd(String text, boolean checksum, boolean contentSize) {
        try (ZstdCompressCtx context = new ZstdCompressCtx()) {
            return context.setChecksum(checksum)
                    .setContentSize(contentSize)
                    .compress(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static byte[] gzip(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static int crc32c(byte[] content) {
        int crc = -1;
        for (byte b : content) {
            crc ^= b & 0xFF;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ CASTAGNOLI_REVERSED;
            }
        }
        return ~crc;
    }

    private static byte[] littleEndian(int number) {
        return new byte[] {(byte) number, (byte) (number >> 8), (byte) (number >> 16), (byte) (number >> 24)};
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
