package io.github.bpipe.core.snapshot;

import io.github.bpipe.core.stream.Json;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Writes a manifest: a head, a line of JSON for each file, and a tail that proves it whole. */
public final class ManifestWriter implements Closeable {
    private final OutputStream out;
    private final MessageDigest digest = Sha256.start();
    private long entries;
    private long bytes;

    public ManifestWriter(Path file, ManifestHead head) throws IOException {
        this.out = new BufferedOutputStream(
                Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        line(head);
    }

    public void add(ManifestEntry entry) throws IOException {
        entries++;
        bytes += entry.size() == null ? 0 : entry.size();
        line(entry);
    }

    /** Without this the manifest is not whole. */
    public ManifestTail finish() throws IOException {
        ManifestTail tail = new ManifestTail(entries, bytes, HexFormat.of().formatHex(digest.digest()));
        line(tail);
        out.flush();
        return tail;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    private void line(Object value) throws IOException {
        byte[] json = Json.bytes(value);
        digest.update(json);
        digest.update((byte) '\n');
        out.write(json);
        out.write('\n');
    }
}
