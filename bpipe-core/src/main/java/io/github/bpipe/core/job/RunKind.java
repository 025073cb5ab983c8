package io.github.bpipe.core.job;

/** What a run does. */
public enum RunKind {
    BACKUP("bpipe-reader", "dump"),
    RESTORE("bpipe-writer", "restore"),
    /** A restore that proves the backup, and leaves nothing. */
    DRILL("bpipe-writer", "drill");

    private final String program;
    private final String word;

    RunKind(String program, String word) {
        this.program = program;
        this.word = word;
    }

    /** The program that does it. */
    public String program() {
        return program;
    }

    /** What it is called in a history and in metrics. */
    public String word() {
        return word;
    }
}
