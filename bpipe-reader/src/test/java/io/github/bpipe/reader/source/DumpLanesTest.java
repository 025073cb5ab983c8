package io.github.bpipe.reader.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which of several failures a dump reports, where one lane fails because another has left. */
@Timeout(30)
class DumpLanesTest {
    private final IOException cause = new IOException("the session was killed");
    private final CountDownLatch left = new CountDownLatch(1);
    private final CountDownLatch bothLeft = new CountDownLatch(2);

    @Test
    void theFailureThatMadeALaneLeaveIsTheOneThatCounts() {
        try (DumpLanes lanes = new DumpLanes(() -> {}, this::leave)) {
            lanes.start("waits", this::failsOfTheOther);
            lanes.start("fails", this::fails);

            assertThatThrownBy(lanes::await).isSameAs(cause);
        }
    }

    @Test
    void theCallersOwnFailureCountsAsMuch() {
        try (DumpLanes lanes = new DumpLanes(() -> {}, this::leave)) {
            lanes.start("waits", this::failsOfTheOther);

            assertThatThrownBy(() -> lanes.runHere(this::fails)).isSameAs(cause);
        }
    }

    @Test
    void theCallersOwnPartFailsAsTheLaneThatEndedIt() {
        try (DumpLanes lanes = new DumpLanes(() -> {}, this::leave)) {
            lanes.start("fails", this::fails);

            assertThatThrownBy(() -> lanes.runHere(this::failsOfTheOther)).isSameAs(cause);
        }
    }

    @Test
    void lanesThatHaveReadEverythingLeaveToo() throws IOException {
        try (DumpLanes lanes = new DumpLanes(() -> {}, bothLeft::countDown)) {
            lanes.start("reads", () -> {});
            lanes.runHere(() -> {});
            lanes.await();
        }
        assertThat(bothLeft.getCount()).isZero();
    }

    private void fails() throws IOException {
        throw cause;
    }

    private void failsOfTheOther() throws IOException {
        await(left);
        throw new IOException("the statement of another session is not complete");
    }

    /** Of the first that leaves, returns when the other has failed of it. */
    private void leave() {
        left.countDown();
        bothLeft.countDown();
        await(bothLeft);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
