package io.github.bpipe.writer.target;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.IOException;
import java.util.List;

/**
 * What can be done with the database that a restore replaced and kept: one class for each engine. Nothing is opened
 * before a method is called, nor stays open after it.
 */
public interface Former {
    /** What {@link Status#replacedBy} says of a database that left because the former one was put back. */
    String ROLLBACK = "a rollback";

    /** Looks and changes nothing, also while a writer works. */
    Status status() throws IOException;

    /**
     * Puts the former database back; what was live becomes the former one, so that the same again undoes it.
     *
     * @throws Failure with {@link ExitCode#NO_DATABASE} where none is kept
     */
    SwitchReport rollback() throws IOException;

    /**
     * Removes the former database.
     *
     * @return its name or file
     * @throws Failure with {@link ExitCode#NO_DATABASE} where none is kept
     */
    String discard() throws IOException;

    /**
     * Brings the database into a decided state after a run that was killed, and removes what that run has left.
     *
     * @return what was done, a sentence each; empty where there was nothing to do
     */
    List<String> recover() throws IOException;

    /** What {@link #rollback} and {@link #discard} say where nothing is kept. */
    static Failure none(String live) {
        return new Failure(
                ExitCode.NO_DATABASE,
                "no former database of " + live + " is kept",
                "bpipe-writer status shows what stands there; without a former database, restore a backup");
    }
}
