package io.github.bpipe.writer.pick.nextcloud;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** Names out of a database as names of files: one part of a path, never a way out of its folder. */
final class FileNames {
    /** What file systems allow, with room for a suffix of ours. */
    private static final int MAX_BYTES = 180;

    private FileNames() {}

    /** The name with every byte but letters, digits and {@code - _ @} (and dots inside) as {@code %XX}. */
    static String escape(String name) {
        StringBuilder escaped = new StringBuilder();
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '-'
                    || c == '_'
                    || c == '@'
                    || (c == '.' && escaped.length() > 0);
            escaped.append(plain ? String.valueOf(c) : String.format("%%%02X", (int) c));
        }
        if (escaped.length() == 0) {
            return "%";
        }
        return escaped.length() <= MAX_BYTES ? escaped.toString() : cut(escaped.toString(), name);
    }

    /** The beginning, and what tells it from others that begin so. */
    private static String cut(String escaped, String name) {
        CRC32 sum = new CRC32();
        sum.update(name.getBytes(StandardCharsets.UTF_8));
        return escaped.substring(0, MAX_BYTES) + String.format("%%%08X", sum.getValue());
    }
}
