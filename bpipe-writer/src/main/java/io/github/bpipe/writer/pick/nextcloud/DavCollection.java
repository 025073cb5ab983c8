package io.github.bpipe.writer.pick.nextcloud;

/**
 * A calendar or address book.
 *
 * @param user who owns it: the last part of its principal
 * @param name that people see
 * @param uri the name in its address
 * @param deleted true in the trash bin
 */
public record DavCollection(String user, String name, String uri, boolean deleted) {
    /** The user of a principal, {@code principals/users/alice}. */
    public static String userOf(String principal) {
        return principal == null ? "" : principal.substring(principal.lastIndexOf('/') + 1);
    }
}
