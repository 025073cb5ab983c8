package io.github.bpipe.writer.pick.nextcloud;

import java.util.Arrays;
import java.util.Locale;

/**
 * Which entries are asked for; null where it does not matter.
 *
 * @param user whose
 * @param name of the calendar or address book: what people see, or the one in its address
 * @param uid of the entry
 * @param text words that must all stand in the entry, in any case
 */
public record DavQuery(String user, String name, String uid, String text) {
    boolean matches(DavCollection collection) {
        return (user == null || user.equals(collection.user()))
                && (name == null || name.equals(collection.name()) || name.equals(collection.uri()));
    }

    boolean matches(String entryUid, String data) {
        return (uid == null || uid.equals(entryUid)) && (text == null || hasWords(data));
    }

    private boolean hasWords(String data) {
        boolean folded = data.contains("\n ") || data.contains("\n\t");
        String lower = (folded ? String.join("\n", ContentLines.unfold(data)) : data).toLowerCase(Locale.ROOT);
        return Arrays.stream(text.toLowerCase(Locale.ROOT).strip().split("\\s+"))
                .allMatch(lower::contains);
    }
}
