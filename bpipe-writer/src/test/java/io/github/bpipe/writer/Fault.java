package io.github.bpipe.writer;

/** What happens to a restore. */
enum Fault {
    WRITER_KILLED("kill -9 of the writer"),
    CLIENT_KILLED("kill -9 of the native client"),
    SERVER_KILLED("server killed and restarted"),
    INPUT_CUT("input cut"),
    INPUT_FLIPPED("input flipped"),
    DISK_FULL("disk full"),
    CONNECTION_LOST("connection lost");

    private final String words;

    Fault(String words) {
        this.words = words;
    }

    /** False for what cannot happen there. */
    boolean possible(String engine, FaultPoint point) {
        return switch (this) {
            case WRITER_KILLED -> true;
            // before the header there is neither a client nor a connection
            case CLIENT_KILLED, CONNECTION_LOST -> !engine.equals("sqlite") && point.offset() != 0;
            case SERVER_KILLED -> !engine.equals("sqlite");
            case INPUT_CUT, INPUT_FLIPPED -> point.inInput();
            case DISK_FULL -> point.offset() != 0;
        };
    }

    @Override
    public String toString() {
        return words;
    }
}
