package io.github.bpipe.writer.target;

import io.github.bpipe.core.stream.Header;
import java.time.Instant;
import java.util.List;

/**
 * What restores have left around one database.
 *
 * @param live name or file of the database
 * @param exists true when it is there
 * @param halfRestored true when an in-place restore of it did not finish
 * @param busy true while a writer works on it
 * @param former name or file of the database that was live before and is kept, or null
 * @param since when that one ceased to be live, or null
 * @param replacedBy dump and job that took its place, in words; or null
 * @param leftovers names or folders of what a run made for itself: of the one at work, or of dead ones, and then the next
 *     run removes or completes them
 */
public record Status(
        String live,
        boolean exists,
        boolean halfRestored,
        boolean busy,
        String former,
        Instant since,
        String replacedBy,
        List<String> leftovers) {
    public Status {
        leftovers = List.copyOf(leftovers);
    }

    /**
     * A dump, and its job where there is one, in words.
     *
     * @param dump its id
     * @param job or null
     */
    public static String dump(Object dump, Header.Job job) {
        return "dump " + dump + (job == null ? "" : " of job " + job.id() + " of " + job.client());
    }
}
