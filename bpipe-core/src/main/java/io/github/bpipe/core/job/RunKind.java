package io.github.bpipe.core.job;

/** What a run does. */
public enum RunKind {
    BACKUP("bpipe-reader"),
    RESTORE("bpipe-writer"),
    /** A restore that proves the backup, and leaves nothing. */
    DRILL("bpipe-writer");

    private final String program;

    RunKind(String program) {
        this.program = program;
    }

    /** The program that does it. */
    public String program() {
        return program;
    }
}
