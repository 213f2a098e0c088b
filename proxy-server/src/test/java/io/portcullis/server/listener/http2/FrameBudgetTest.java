package io.portcullis.server.listener.http2;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FrameBudgetTest {

    private final AtomicLong nanos = new AtomicLong(-5);
    private final FrameBudget budget = new FrameBudget(nanos::get);

    private int spendAll() {
        int spent = 0;
        while (!budget.isOverdrawn()) {
            budget.spend();
            spent++;
        }
        return spent - 1;
    }

    @Test
    void aBurstIsLetThroughAndNotOneMore() {
        assertThat(spendAll()).isEqualTo(FrameBudget.BURST);
    }

    @Test
    void visitorsWhoTakeAnswersMayCancelManyMore() {
        for (int request = 0; request < 10_000; request++) {
            budget.spend();
            budget.earnHead();
        }

        assertThat(budget.isOverdrawn()).isFalse();
    }

    @Test
    void whoDribblesWindowUpdatesIsNotPaidForThem() {
        int updates = 0;
        while (!budget.isOverdrawn() && updates < 10_000) {
            budget.spend();
            budget.earnData(1);
            updates++;
        }

        assertThat(updates).isEqualTo(FrameBudget.BURST + 1);
    }

    @Test
    void aLongDownloadPaysForItsWindowUpdates() {
        for (int part = 0; part < 100_000; part++) {
            budget.earnData(16_384);
            budget.spend();
            budget.spend();
        }

        assertThat(budget.isOverdrawn()).isFalse();
    }

    @Test
    void timeGivesBackAsMuchAsTheRateSaysAndNeverMoreThanTheBurst() {
        for (int i = 0; i < FrameBudget.BURST; i++) {
            budget.spend();
        }
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1) + 1);
        assertThat(spendAll()).isEqualTo(FrameBudget.PER_SECOND);

        FrameBudget idle = new FrameBudget(nanos::get);
        nanos.addAndGet(TimeUnit.HOURS.toNanos(1));
        for (int i = 0; i < 2 * FrameBudget.BURST; i++) {
            idle.spend();
        }
        assertThat(idle.isOverdrawn()).isFalse();
        idle.spend();
        assertThat(idle.isOverdrawn()).isTrue();
    }
}
