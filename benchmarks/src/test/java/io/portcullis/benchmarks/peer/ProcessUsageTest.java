package io.portcullis.benchmarks.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.benchmarks.result.Cpu;
import io.portcullis.benchmarks.result.Memory;
import io.portcullis.benchmarks.result.Usage;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessUsageTest {

    /** A peer that works in children, or ends one, must not look cheaper than one that does not. */
    @Test
    void theTimeOfChildrenThatHaveEndedCounts() {
        String stat = "4711 (nginx: (master) x) S 1 4711 4711 0 -1 4194560 1 2 3 4 100 20 7 3 20 0 1 0 12345 1 2 3";

        assertThat(ProcessUsage.cpu(stat)).isEqualTo(new Cpu(1_070_000, 230_000));
    }

    @Test
    void memoryIsReadInOctets() {
        String rollup =
                "55d0-7ffe ---p 00000000 00:00 0 [rollup]\nRss:      2048 kB\nPss:      1024 kB\nPss_Anon: 7 kB\n";

        assertThat(ProcessUsage.memory(rollup)).isEqualTo(new Memory(2 << 20, 1 << 20));
    }

    @Test
    void aProcessThatHasEndedIsNoFault() throws IOException {
        long never = 1L << 30;

        Usage usage = ProcessUsage.of(List.of(ProcessHandle.current().pid(), never));

        assertThat(usage.cpu().totalMicros()).isPositive();
        assertThat(usage.memory().rssBytes()).isPositive();
    }
}
