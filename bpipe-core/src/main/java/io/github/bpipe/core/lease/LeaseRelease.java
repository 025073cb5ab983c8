package io.github.bpipe.core.lease;

import java.io.IOException;

/** Opens an application whose job has not done it: because its time is over, or because an administrator says so. */
public final class LeaseRelease {
    private final Closing closing;

    public LeaseRelease(Closing closing) {
        this.closing = closing;
    }

    /** Opens it where the time is over; an application that is only half restored stays closed. */
    public void expired() throws IOException {
        try (LeaseFile file = closing.file()) {
            Lease lease = file.read().filter(found -> !found.isOver()).orElse(null);
            String why = lease == null || lease.kept() != null ? null : lease.overdue();
            if (why == null) {
                return;
            }
            if (closing.isHalfRestored(lease)) {
                file.write(lease.keptFor(why + " in the middle of a restore"));
                closing.log("stays closed: " + why + ", but a restore has begun and not ended well; run it again, or"
                        + " open it: bpipe-reader release --profile "
                        + closing.profile().name());
                return;
            }
            end(file, lease, why);
        }
    }

    /** Opens it now, whatever has closed it for a job. */
    public void now() throws IOException {
        try (LeaseFile file = closing.file()) {
            Lease lease = file.read().filter(found -> !found.isOver()).orElse(null);
            if (lease == null) {
                closing.log("no job has closed it");
                return;
            }
            end(file, lease, "an administrator has opened it");
        }
    }

    /** The job, if it is still at work, will find that its lease has ended. */
    private void end(LeaseFile file, Lease lease, String why) throws IOException {
        Watchdog.dismiss(lease);
        Lease unused = new LeaseOpening(closing, file).open(lease.endedFor(why));
        closing.log("opened, because " + why);
    }
}
