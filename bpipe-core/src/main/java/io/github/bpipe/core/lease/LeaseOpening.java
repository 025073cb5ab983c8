package io.github.bpipe.core.lease;

import io.github.bpipe.core.application.MaintenanceMode;
import io.github.bpipe.core.application.Services;
import io.github.bpipe.core.lease.Lease.Before;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Opens what a lease has closed; each step is recorded, so that the next one can go on after a failure. */
final class LeaseOpening {
    private final Closing closing;
    private final LeaseFile file;

    LeaseOpening(Closing closing, LeaseFile file) {
        this.closing = closing;
        this.file = file;
    }

    /** Everything, but never an administrator's own maintenance mode; what is left is a lease that holds nothing. */
    Lease open(Lease lease) throws IOException {
        return mode(services(lease));
    }

    /** Starts those that we have stopped, the last one first. */
    Lease services(Lease lease) throws IOException {
        Services services = closing.services();
        List<String> units = new ArrayList<>(lease.services());
        Collections.reverse(units);
        Lease left = lease;
        for (String unit : units) {
            services.start(unit);
            left = left.withoutService(unit);
            put(left);
            closing.log("started " + unit);
        }
        return left;
    }

    /** Switches the mode off where we switched it on. */
    Lease mode(Lease lease) throws IOException {
        if (lease.before() == Before.OFF) {
            MaintenanceMode mode = closing.mode();
            MaintenanceMode.State state = mode.state();
            if (state.on()) {
                mode.switchOff();
                closing.log("maintenance mode is off");
            } else if (state.there()) {
                mode.removeMark();
            }
        }
        return put(lease.holding(null, lease.unchangedSince()));
    }

    /** Keeps what is left; where that is nothing nobody needs to watch it. */
    Lease put(Lease lease) throws IOException {
        file.write(lease);
        if (lease.isEmpty()) {
            Watchdog.dismiss(lease);
        }
        return lease;
    }
}
