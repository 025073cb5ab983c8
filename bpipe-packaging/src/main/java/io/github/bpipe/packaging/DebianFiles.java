package io.github.bpipe.packaging;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** What Debian's policy asks for in a form of its own. */
final class DebianFiles {
    /** Where RFC 1952 says how hard the compressor tried, and its word for the hardest. */
    private static final int GZIP_EXTRA_FLAGS = 8;

    private static final byte GZIP_MAXIMUM = 2;

    private DebianFiles() {}

    /** As {@code gzip -9n} does it: manuals and the changelog, 12.1 and 12.7 of the policy. */
    static byte[] compressed(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes) {
            {
                def.setLevel(Deflater.BEST_COMPRESSION);
            }
        }) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        byte[] file = bytes.toByteArray();
        file[GZIP_EXTRA_FLAGS] = GZIP_MAXIMUM;
        return file;
    }

    /** The entry of this version in the form of deb-changelog(5); what changed is told once, in CHANGELOG.md. */
    static String changelog(String version, String maintainer, OffsetDateTime date) {
        return "bpipe-toolkit (" + version.replace("-SNAPSHOT", "~snapshot") + ") unstable; urgency=medium\n\n"
                + "  * What changed stands in CHANGELOG.md beside this file.\n\n -- " + maintainer + "  "
                + DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss xx", Locale.ENGLISH)
                        .format(date)
                + "\n";
    }
}
