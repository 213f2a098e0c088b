package io.portcullis.benchmarks.harness;

import io.portcullis.benchmarks.result.MachineDescription;
import io.portcullis.benchmarks.result.MachineDescription.Processor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the kernel tells of this machine. */
final class Machine {

    private static final Pattern MODEL = Pattern.compile("^(?:model name|Model)\\s*:\\s*(.+)$", Pattern.MULTILINE);
    private static final Pattern MEMORY = Pattern.compile("^MemTotal:\\s+(\\d+) kB$", Pattern.MULTILINE);
    private static final Path GOVERNOR = Path.of("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");

    private final Path proc;

    /** @param proc the proc file system */
    Machine(Path proc) {
        this.proc = proc;
    }

    MachineDescription describe() throws IOException {
        Processor processor = new Processor(
                find(MODEL, "cpuinfo").orElse(System.getProperty("os.arch")),
                Runtime.getRuntime().availableProcessors(),
                Files.isReadable(GOVERNOR)
                        ? Optional.of(Files.readString(GOVERNOR).strip())
                        : Optional.empty());
        return new MachineDescription(
                processor,
                find(MEMORY, "meminfo").map(Long::parseLong).orElse(0L) * 1024,
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"),
                load());
    }

    /** Why a machine in this state gives poor figures. */
    static Optional<String> warning(MachineDescription machine) {
        // Below that, whoever works here is as likely this run's own start as somebody else.
        double busy = 0.5 * machine.processor().cores();
        if (machine.loadAverage() > busy) {
            return Optional.of("the machine was busy at the start (load average " + machine.loadAverage() + " on "
                    + machine.processor().cores()
                    + " cores): ratios suffer, absolute figures are worthless. End what else runs (top names it), wait a minute"
                    + " or two until the load average is below " + busy + ", and run it again");
        }
        return Optional.empty();
    }

    private double load() throws IOException {
        String average = Files.readString(proc.resolve("loadavg"));
        return Double.parseDouble(average.substring(0, average.indexOf(' ')));
    }

    private Optional<String> find(Pattern line, String file) throws IOException {
        Matcher matcher = line.matcher(Files.readString(proc.resolve(file)));
        return matcher.find() ? Optional.of(matcher.group(1).strip()) : Optional.empty();
    }
}
