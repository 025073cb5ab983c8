package io.github.bpipe.core.process;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Keeps the beginning and the end of a text of any length: the first error and the last. */
public final class BoundedText {
    private static final int HEAD_BYTES = 4096;
    private static final int TAIL_BYTES = 8192;

    private final byte[] head = new byte[HEAD_BYTES];
    private int headLength;
    private byte[] tail = new byte[0];
    private boolean cut;

    void append(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        append(bytes, bytes.length);
    }

    /** Adds that many bytes. */
    public synchronized void append(byte[] bytes, int length) {
        int toHead = Math.min(length, HEAD_BYTES - headLength);
        System.arraycopy(bytes, 0, head, headLength, toHead);
        headLength += toHead;
        int rest = length - toHead;
        if (rest == 0) {
            return;
        }
        byte[] joined = Arrays.copyOf(tail, tail.length + rest);
        System.arraycopy(bytes, toHead, joined, tail.length, rest);
        cut |= joined.length > TAIL_BYTES;
        tail = joined.length > TAIL_BYTES
                ? Arrays.copyOfRange(joined, joined.length - TAIL_BYTES, joined.length)
                : joined;
    }

    @Override
    public synchronized String toString() {
        return new String(head, 0, headLength, StandardCharsets.UTF_8)
                + (cut ? "\n...\n" : "")
                + new String(tail, StandardCharsets.UTF_8);
    }
}
