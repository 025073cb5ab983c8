package io.github.bpipe.core.stream;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Holds each block against those before it, and the trailer against all of them. */
final class BlockOrder {
    private BlockHead last;
    private long blocks;
    private long rawBytes;
    private long rows;
    private boolean finishing;
    private final Set<String> ended = new HashSet<>();

    /** Takes the next block; returns what is wrong with it, or null. */
    String accept(BlockHead head) {
        String wrong = check(head);
        if (wrong == null) {
            last = head;
            blocks++;
            rawBytes += head.raw();
            rows += head.rows();
            finishing |= head.phase() == Phase.FINISH;
            if (head.isLast()) {
                ended.add(head.object());
            }
        }
        return wrong;
    }

    private String check(BlockHead head) {
        if (head.n() != blocks) {
            return "block " + head.n() + " stands where block " + blocks + " belongs";
        }
        if (head.phase() == null) {
            return "block " + head.n() + " has no phase";
        }
        if (head.raw() < 1 || head.raw() > StreamFormat.MAX_BLOCK_BYTES) {
            return "block " + head.n() + " promises " + head.raw() + " raw bytes, allowed are 1 to "
                    + StreamFormat.MAX_BLOCK_BYTES;
        }
        if (head.stored() < 1 || head.stored() > StreamFormat.MAX_STORED_BYTES) {
            return "block " + head.n() + " promises " + head.stored() + " stored bytes, allowed are 1 to "
                    + StreamFormat.MAX_STORED_BYTES;
        }
        if (head.rows() < 0) {
            return "block " + head.n() + " promises " + head.rows() + " rows";
        }
        if (head.rows() > 0 && head.phase() != Phase.DATA) {
            return "block " + head.n() + " of phase " + head.phase().word() + " promises rows";
        }
        if (last != null
                && last.continues()
                && (last.phase() != head.phase() || !Objects.equals(last.object(), head.object()))) {
            return "block " + last.n() + " goes on in block " + head.n() + ", which belongs to something else";
        }
        if (head.isLast() && (head.phase() != Phase.DATA || head.object() == null || head.continues())) {
            return "block " + head.n() + " is no last one of rows, and says that it is";
        }
        if (head.phase() == Phase.DATA && ended.contains(head.object())) {
            return "block " + head.n() + " holds rows of " + head.object() + ", which have ended before";
        }
        if (finishing && head.phase() != Phase.FINISH) {
            return "block " + head.n() + " of phase " + head.phase().word() + " comes after the finish";
        }
        return null;
    }

    /** What the trailer says otherwise than the blocks and the list of objects, or null. */
    String compare(Trailer trailer, List<ObjectEntry> objects) {
        if (last != null && last.continues()) {
            return "the last block goes on in one that is missing";
        }
        long listedRows = objects.stream()
                .mapToLong(entry -> entry.rows() == null ? 0 : entry.rows())
                .sum();
        String wrong = difference("blocks", trailer.blocks(), blocks);
        wrong = wrong != null ? wrong : difference("raw bytes", trailer.raw(), rawBytes);
        wrong = wrong != null ? wrong : difference("objects", trailer.objects(), objects.size());
        wrong = wrong != null ? wrong : difference("rows", trailer.rows(), listedRows);
        if (wrong == null && (trailer.longest() < 0 || trailer.longest() > rawBytes)) {
            wrong = "the trailer promises a statement of " + trailer.longest() + " bytes, the stream has " + rawBytes;
        }
        // the blocks of a database file hold no countable rows
        return wrong != null || rows == 0 ? wrong : difference("rows", trailer.rows(), rows);
    }

    private static String difference(String what, long promised, long seen) {
        return promised == seen ? null : "the trailer promises " + promised + " " + what + ", the stream has " + seen;
    }
}
