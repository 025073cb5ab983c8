package io.github.bpipe.core.php;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The escapes of quoted strings (PHP manual, "Strings"). */
final class PhpString {
    private static final Pattern INTERPOLATION =
            Pattern.compile("(?<!\\\\)(?:\\\\\\\\)*(?:\\$[A-Za-z_\\x80-\\xff{]|\\{\\$)");
    private static final Pattern ESCAPE =
            Pattern.compile("\\\\(?:([0-7]{1,3})|x([\\da-fA-F]{1,2})|u\\{([\\da-fA-F]{1,6})\\}|([nrtvef\\\\$\"]))");
    private static final String LETTERS = "nrtvef";
    private static final String MEANINGS = "\n\r\t\u000b\u001b\f";

    private PhpString() {}

    /** True where a text in double quotes holds variables. */
    static boolean interpolates(String raw) {
        return INTERPOLATION.matcher(raw).find();
    }

    /**
     * What a quoted text stands for.
     *
     * @param raw between the quotes, one character per byte
     * @param quote single or double
     */
    static String decode(String raw, char quote) {
        String bytes = quote == '\'' ? raw.replaceAll("(?s)\\\\([\\\\'])", "$1") : unescape(raw);
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** An escape that PHP does not know stays as it is. */
    private static String unescape(String raw) {
        Matcher escape = ESCAPE.matcher(raw);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int done = 0;
        while (escape.find()) {
            bytes.writeBytes(raw.substring(done, escape.start()).getBytes(StandardCharsets.ISO_8859_1));
            bytes.writeBytes(meaning(escape));
            done = escape.end();
        }
        bytes.writeBytes(raw.substring(done).getBytes(StandardCharsets.ISO_8859_1));
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    private static byte[] meaning(Matcher escape) {
        if (escape.group(1) != null) {
            return new byte[] {(byte) Integer.parseInt(escape.group(1), 8)};
        }
        if (escape.group(2) != null) {
            return new byte[] {(byte) Integer.parseInt(escape.group(2), 16)};
        }
        if (escape.group(3) != null) {
            int point = Integer.parseInt(escape.group(3), 16);
            return new String(Character.toChars(Math.min(point, Character.MAX_CODE_POINT)))
                    .getBytes(StandardCharsets.UTF_8);
        }
        int letter = LETTERS.indexOf(escape.group(4));
        char c = letter < 0 ? escape.group(4).charAt(0) : MEANINGS.charAt(letter);
        return new byte[] {(byte) c};
    }
}
