package io.github.bpipe.config.generate;

import java.util.Locale;

/** How a database gets into the backup. */
public enum Method {
    /** The file daemon reads the stream from bpipe-reader. */
    BPIPE("the database is streamed into the backup through the bpipe plugin"),
    /** A script before the job dumps to a file, which is saved with the others. */
    DUMP_FILE("a script dumps the database to a file, which is saved with the others"),
    /** Services are stopped around a backup of the files. */
    OFFLINE("the services are stopped while the files are saved, those of the database among them");

    private final String meaning;

    Method(String meaning) {
        this.meaning = meaning;
    }

    public String meaning() {
        return meaning;
    }

    /** As on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
