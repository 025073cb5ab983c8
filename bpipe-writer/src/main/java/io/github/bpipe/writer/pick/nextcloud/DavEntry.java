package io.github.bpipe.writer.pick.nextcloud;

/**
 * A calendar object or a card.
 *
 * @param collection that it belongs to
 * @param uri its name in the address
 * @param uid its identity for clients
 * @param data the iCalendar object or vCard, as it was stored
 * @param id in the stream
 * @param md5 of the data, in hexadecimal digits
 * @param deleted true where it, or its calendar, is in the trash bin
 */
public record DavEntry(
        DavCollection collection, String uri, String uid, String data, String id, String md5, boolean deleted) {}
