package io.github.bpipe.reader.source.mariadb;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;

/**
 * The definitions in the stream, to which the rows that other sessions read must belong: a definition comes from the
 * moment in which it is read and not from the snapshot. From any thread.
 */
final class MariaDbTableDefinitions {
    /** Changes with each row. */
    private static final Pattern COUNTER = Pattern.compile(" AUTO_INCREMENT=\\d+");

    private static final String BEGIN = "CREATE TABLE `";

    private final Map<String, UUID> digests = new HashMap<>();
    private final CountDownLatch complete = new CountDownLatch(1);

    /** Takes the definition that stands in the stream. */
    synchronized void add(String table, byte[] text, int length) {
        digests.put(table, digest(text, length));
    }

    /** All are there. */
    void complete() {
        complete.countDown();
    }

    /** Waits until all are there, since rows must not come before them. */
    void await() throws Failure {
        try {
            complete.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(ExitCode.INTERRUPTED, "the dump was ended", "run it again", e);
        }
    }

    /**
     * Fails where the stream defines the table in another way, or not at all.
     *
     * @param digest of the definition that the rows were read by
     */
    synchronized void require(String table, UUID digest) throws Failure {
        if (digest == null || !digest.equals(digests.get(table))) {
            throw new Failure(
                    ExitCode.DUMP_FAILED,
                    "table " + table + " was altered or dropped during the dump",
                    "run it again, when nobody alters tables");
        }
    }

    /**
     * Of a definition; the same for two that differ in the counter of AUTO_INCREMENT only, and in the comments before them,
     * among which are those of an empty table that was dumped before.
     */
    static UUID digest(byte[] text, int length) {
        String plain = COUNTER.matcher(new String(text, 0, length, StandardCharsets.ISO_8859_1))
                .replaceAll("");
        return UUID.nameUUIDFromBytes(
                plain.substring(Math.max(0, plain.indexOf(BEGIN))).getBytes(StandardCharsets.ISO_8859_1));
    }
}
