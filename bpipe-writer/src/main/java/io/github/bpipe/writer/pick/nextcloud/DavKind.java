package io.github.bpipe.writer.pick.nextcloud;

/** The two things that the app dav keeps, each in a table of collections and a table of entries. */
public enum DavKind {
    CALENDAR("calendars", "calendarobjects", "calendarid", "calendardata", ".ics", "SUMMARY"),
    CONTACTS("addressbooks", "cards", "addressbookid", "carddata", ".vcf", "FN");

    private final String collections;
    private final String entries;
    final String collectionColumn;
    final String dataColumn;
    final String extension;
    /** The property that people know an entry by. */
    final String title;

    DavKind(
            String collections,
            String entries,
            String collectionColumn,
            String dataColumn,
            String extension,
            String title) {
        this.collections = collections;
        this.entries = entries;
        this.collectionColumn = collectionColumn;
        this.dataColumn = dataColumn;
        this.extension = extension;
        this.title = title;
    }

    /** The table of calendars or address books. */
    public String collections(String prefix) {
        return prefix + collections;
    }

    /** The table of entries or cards. */
    public String entries(String prefix) {
        return prefix + entries;
    }
}
