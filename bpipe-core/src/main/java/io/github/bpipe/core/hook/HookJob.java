package io.github.bpipe.core.hook;

import io.github.bpipe.core.profile.Profile;
import java.nio.file.Path;
import java.util.Map;

/**
 * Whose hooks run, when, and for what.
 *
 * @param point when
 * @param profile whose
 * @param profileFile the profile's full path
 * @param job its number, or null
 * @param environment of the process: where the state is, and after a restore what became of it
 */
public record HookJob(
        HookPoint point, Profile profile, Path profileFile, String job, Map<String, String> environment) {}
