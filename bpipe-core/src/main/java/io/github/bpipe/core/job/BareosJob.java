package io.github.bpipe.core.job;

import io.github.bpipe.core.stream.Header;
import java.util.Map;

/** What a file daemon since version 25 says of the job in the environment; a single space stands for nothing. */
public final class BareosJob {
    private BareosJob() {}

    /** The job, or null where the environment says none. */
    public static Header.Job of(Map<String, String> environment) {
        String id = variable(environment, "BareosJobId");
        return id == null
                ? null
                : new Header.Job(
                        variable(environment, "BareosClientName"), id, variable(environment, "BareosJobLevel"));
    }

    private static String variable(Map<String, String> environment, String name) {
        String value = environment.getOrDefault(name, "").strip();
        return value.isEmpty() ? null : value;
    }
}
