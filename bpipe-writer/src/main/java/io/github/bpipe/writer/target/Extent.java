package io.github.bpipe.writer.target;

/** How much of a live database a restore replaces. */
public enum Extent {
    /** All of it. */
    DATABASE,
    /** The tables that are restored, and no other: refused where something that stays depends on them. */
    TABLES,
    /** The same, as far as what depends on them can be kept working, or would only be worth a warning. */
    TABLES_REGARDLESS;

    /** True where everything but the restored tables stays. */
    public boolean isTables() {
        return this != DATABASE;
    }
}
