package io.portcullis.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.benchmarks.result.MachineDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineTest {

    @Test
    void theMachineIsDescribedByWhatItsKernelSays(@TempDir Path proc) throws IOException {
        Files.writeString(proc.resolve("cpuinfo"), "processor\t: 0\nmodel name\t: Fast One 9000\n");
        Files.writeString(proc.resolve("meminfo"), "MemTotal:       1024 kB\nMemFree: 1 kB\n");
        Files.writeString(proc.resolve("loadavg"), "0.25 0.50 0.75 1/100 4711\n");

        MachineDescription machine = new Machine(proc).describe();

        assertThat(machine.processor().model()).isEqualTo("Fast One 9000");
        assertThat(machine.memoryBytes()).isEqualTo(1 << 20);
        assertThat(machine.loadAverage()).isEqualTo(0.25);
    }

    /** Or somebody believes what was measured beside a build. */
    @Test
    void aBusyMachineIsWarnedOf() {
        assertThat(Machine.warning(machine(2.5)))
                .hasValueSatisfying(warning -> assertThat(warning).contains("2.5", "End what else runs"));
        assertThat(Machine.warning(machine(0.2))).isEmpty();
    }

    private static MachineDescription machine(double load) {
        return new MachineDescription(
                new MachineDescription.Processor("", 2, Optional.empty()), 1 << 30, "Linux", "17", load);
    }
}
