package io.github.bpipe.core.snapshot;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.Json;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/** Reads a manifest line by line; {@link #next} ends only where the tail proves it whole. */
public final class ManifestReader implements Closeable {
    /** The longest path has 4096 bytes, each of them three characters at most; a link holds another. */
    private static final int MOST_LINE_BYTES = 1 << 20;

    private static final byte[] TAIL = "{\"entries\":".getBytes(StandardCharsets.US_ASCII);

    private final Path file;
    private final InputStream in;
    private final MessageDigest digest = Sha256.start();
    private final ManifestHead head;
    private long entries;
    private ManifestTail tail;

    /** Opens a manifest and reads its head. */
    public ManifestReader(Path file) throws IOException {
        this.file = file;
        try {
            this.in = new BufferedInputStream(Files.newInputStream(file));
        } catch (NoSuchFileException e) {
            throw new Failure(
                    ExitCode.SNAPSHOT,
                    "no snapshot in " + file.getParent() + ": it holds no " + file.getFileName(),
                    "name the folder that bpipe-reader snapshot made",
                    e);
        }
        this.head = readHead();
    }

    public ManifestHead head() {
        return head;
    }

    private ManifestHead readHead() throws IOException {
        byte[] line = line();
        update(line);
        ManifestHead read = parse(line, ManifestHead.class);
        if (read.snapshot() != ManifestHead.VERSION) {
            throw new Failure(
                    ExitCode.UNSUPPORTED_STREAM,
                    file + " is of version " + read.snapshot() + ", known is " + ManifestHead.VERSION,
                    "install a newer bpipe-toolkit");
        }
        return read;
    }

    /** The next entry, or null after the last one. */
    public ManifestEntry next() throws IOException {
        if (tail != null) {
            return null;
        }
        byte[] line = line();
        if (!Arrays.equals(line, 0, Math.min(TAIL.length, line.length), TAIL, 0, TAIL.length)) {
            update(line);
            entries++;
            return parse(line, ManifestEntry.class);
        }
        tail = parse(line, ManifestTail.class);
        String sha256 = HexFormat.of().formatHex(digest.digest());
        if (tail.entries() != entries || !sha256.equals(tail.sha256()) || in.read() >= 0) {
            throw damaged("its digest is not the one in its last line", null);
        }
        return null;
    }

    /** After the last entry. */
    public ManifestTail tail() {
        return tail;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private void update(byte[] line) {
        digest.update(line);
        digest.update((byte) '\n');
    }

    private <T> T parse(byte[] line, Class<T> type) throws Failure {
        try {
            return Json.parse(line, type);
        } catch (IOException e) {
            throw damaged("line " + (entries + 1) + " is not understood", e);
        }
    }

    private byte[] line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0 || line.size() == MOST_LINE_BYTES) {
                throw damaged(b < 0 ? "it ends before its last line" : "a line is too long", null);
            }
            line.write(b);
        }
        return line.toByteArray();
    }

    private Failure damaged(String what, Exception cause) {
        return new Failure(
                ExitCode.SNAPSHOT,
                "the snapshot is damaged: " + file + ": " + what,
                "take another snapshot, or a backup",
                cause);
    }
}
