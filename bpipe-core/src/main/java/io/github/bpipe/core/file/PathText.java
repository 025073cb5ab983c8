package io.github.bpipe.core.file;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.file.Path;

/** Paths as text that keeps every byte of their names: as in a URI, with what is not plain ASCII as {@code %XX}. */
public final class PathText {
    private static final int HEX = 16;

    private PathText() {}

    /**
     * A path as text.
     *
     * @param path a full one
     */
    public static String of(Path path) {
        String text = path.toUri().getRawPath();
        return text.length() > 1 && text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    /** What a symbolic link holds, as text; a relative target begins with a dot and a slash. */
    public static String ofTarget(Path target) {
        return (target.isAbsolute() ? "" : ".") + of(Path.of("/").resolve(target));
    }

    /** The path that {@link #of} made this text of. */
    public static Path path(String text) {
        return Path.of(URI.create("file://" + text));
    }

    /** The bytes that the kernel knows a path by. */
    public static byte[] bytes(Path path) {
        String text = of(path);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '%') {
                bytes.write(Integer.parseInt(text, i + 1, i + 3, HEX));
                i += 2;
            } else {
                bytes.write(text.charAt(i));
            }
        }
        return bytes.toByteArray();
    }
}
