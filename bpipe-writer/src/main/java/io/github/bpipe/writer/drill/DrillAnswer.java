package io.github.bpipe.writer.drill;

/**
 * What a restored database answered to a check of the profile.
 *
 * @param name of the check
 * @param sql the question
 * @param expected answer
 * @param answer or the error in place of it
 * @param good true where the two are the same
 */
public record DrillAnswer(String name, String sql, String expected, String answer, boolean good) {}
