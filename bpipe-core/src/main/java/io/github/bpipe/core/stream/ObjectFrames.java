package io.github.bpipe.core.stream;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Cuts the list of objects into O frames of bounded size. */
final class ObjectFrames {
    /** The JSON of one O frame. */
    record Content(List<ObjectEntry> objects) {}

    interface Sink {
        void frame(Content content) throws IOException;
    }

    /** Generous for the keys, quotes and numbers of one entry. */
    private static final int ENTRY_OVERHEAD_BYTES = 120;

    private ObjectFrames() {}

    static void write(List<ObjectEntry> objects, Sink sink) throws IOException {
        List<ObjectEntry> pending = new ArrayList<>();
        long pendingBytes = 0;
        for (ObjectEntry entry : objects) {
            // a character takes at most six bytes of JSON (an escaped control character)
            long entryBytes = ENTRY_OVERHEAD_BYTES + 6L * entry.name().length();
            if (!pending.isEmpty() && pendingBytes + entryBytes > StreamFormat.OBJECTS_FRAME_BYTES) {
                sink.frame(new Content(List.copyOf(pending)));
                pending.clear();
                pendingBytes = 0;
            }
            pending.add(entry);
            pendingBytes += entryBytes;
        }
        if (!pending.isEmpty()) {
            sink.frame(new Content(List.copyOf(pending)));
        }
    }
}
