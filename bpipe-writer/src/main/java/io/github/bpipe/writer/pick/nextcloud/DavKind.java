package io.github.bpipe.writer.pick.nextcloud;

/** The two things that the app dav keeps, each in a table of collections and a table of entries. */
public enum DavKind {
    CALENDAR(
            "calendars",
            "calendarobjects",
            "calendarid",
            "calendardata",
            ".ics",
            "SUMMARY",
            "calendarobjects_props",
            "objectid",
            "calendarchanges"),
    CONTACTS(
            "addressbooks",
            "cards",
            "addressbookid",
            "carddata",
            ".vcf",
            "FN",
            "cards_properties",
            "cardid",
            "addressbookchanges");

    private final String collections;
    private final String entries;
    final String collectionColumn;
    final String dataColumn;
    final String extension;
    /** The property that people know an entry by. */
    final String title;

    private final String properties;
    private final String propertyKey;
    private final String changes;

    DavKind(
            String collections,
            String entries,
            String collectionColumn,
            String dataColumn,
            String extension,
            String title,
            String properties,
            String propertyKey,
            String changes) {
        this.collections = collections;
        this.entries = entries;
        this.collectionColumn = collectionColumn;
        this.dataColumn = dataColumn;
        this.extension = extension;
        this.title = title;
        this.properties = properties;
        this.propertyKey = propertyKey;
        this.changes = changes;
    }

    /** The table of calendars or address books. */
    public String collections(String prefix) {
        return prefix + collections;
    }

    /** The table of entries or cards. */
    public String entries(String prefix) {
        return prefix + entries;
    }

    /** The table of what entries are found by; older versions have none. */
    public String properties(String prefix) {
        return prefix + properties;
    }

    /** The table that tells clients what has changed. */
    public String changes(String prefix) {
        return prefix + changes;
    }

    /** The column of {@link #properties} that names the entry. */
    public String propertyKey() {
        return propertyKey;
    }

    /** The column of entries, properties and changes that names the collection. */
    public String collectionColumn() {
        return collectionColumn;
    }

    /** What the names of entries end in. */
    public String extension() {
        return extension;
    }
}
