package io.github.bpipe.writer.target;

import java.time.Duration;
import java.util.List;

/**
 * How a switch went.
 *
 * @param live name or file of the database that is live now
 * @param former name or file of the database that was live before and is kept, or null
 * @param unusable for how long the database could not be used
 * @param warnings for the administrator: one sentence each, lower case, without a full stop
 */
public record SwitchReport(String live, String former, Duration unusable, List<String> warnings) {}
