package io.github.bpipe.core.hook;

import io.github.bpipe.core.job.RunKind;
import io.github.bpipe.core.profile.Hook;
import io.github.bpipe.core.profile.Profile;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** When hooks run. */
public enum HookPoint {
    PRE_BACKUP(RunKind.BACKUP, true),
    POST_BACKUP(RunKind.BACKUP, false),
    PRE_RESTORE(RunKind.RESTORE, true),
    POST_RESTORE(RunKind.RESTORE, false);

    private final RunKind kind;
    private final boolean before;

    HookPoint(RunKind kind, boolean before) {
        this.kind = kind;
        this.before = before;
    }

    /** The point of that name, among those of a backup or a restore. */
    public static Optional<HookPoint> find(RunKind kind, String id) {
        return Arrays.stream(values())
                .filter(point -> point.kind == kind && point.id().equals(id))
                .findFirst();
    }

    /** As on the command line: {@code pre-backup}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public RunKind kind() {
        return kind;
    }

    /** True before the job, where a failure keeps the rest from being run. */
    public boolean isBefore() {
        return before;
    }

    /** Those of a profile, in their order. */
    public List<Hook> of(Profile profile) {
        Profile.Hooks hooks = profile.hooks();
        return switch (this) {
            case PRE_BACKUP -> hooks.preBackup();
            case POST_BACKUP -> hooks.postBackup();
            case PRE_RESTORE -> hooks.preRestore();
            case POST_RESTORE -> hooks.postRestore();
        };
    }
}
