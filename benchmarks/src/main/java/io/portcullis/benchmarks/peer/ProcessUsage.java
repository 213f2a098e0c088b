package io.portcullis.benchmarks.peer;

import io.portcullis.benchmarks.result.Cpu;
import io.portcullis.benchmarks.result.Memory;
import io.portcullis.benchmarks.result.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What processes have used so far, out of the proc file system (proc(5)).
 *
 * <p>Processor time is that of all threads, those that have ended included, and of children that have been waited for.
 */
final class ProcessUsage {

    /** A tick: USER_HZ is 100 on every architecture that a JDK is made for. */
    private static final long TICK_MICROS = 10_000;

    private static final Pattern RSS = Pattern.compile("^Rss:\\s+(\\d+) kB$", Pattern.MULTILINE);
    private static final Pattern PSS = Pattern.compile("^Pss:\\s+(\\d+) kB$", Pattern.MULTILINE);
    private static final long KIB = 1024;

    private ProcessUsage() {}

    /** Of those that still run. */
    static Usage of(Collection<Long> processes) throws IOException {
        Cpu cpu = Cpu.NONE;
        Memory memory = Memory.NONE;
        for (long process : processes) {
            Path folder = Path.of("/proc", String.valueOf(process));
            try {
                cpu = cpu.plus(cpu(Files.readString(folder.resolve("stat"))));
                memory = memory.plus(memory(Files.readString(folder.resolve("smaps_rollup"))));
            } catch (IOException e) {
                // A child that has ended meanwhile, with what it used in its parent's figures, has no folder any more.
                if (Files.exists(folder.resolve("smaps_rollup"))) {
                    throw e;
                }
            }
        }
        return new Usage(cpu, memory);
    }

    /** The second field is the program's name, which may have blanks and brackets in it: what counts is behind it. */
    static Cpu cpu(String stat) {
        List<String> fields =
                List.of(stat.substring(stat.lastIndexOf(')') + 1).strip().split(" "));
        // state is the third field of all, utime the 14th, then stime, cutime and cstime.
        return new Cpu(
                (Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(13))) * TICK_MICROS,
                (Long.parseLong(fields.get(12)) + Long.parseLong(fields.get(14))) * TICK_MICROS);
    }

    static Memory memory(String smapsRollup) {
        return new Memory(kib(RSS, smapsRollup), kib(PSS, smapsRollup));
    }

    private static long kib(Pattern line, String smapsRollup) {
        Matcher matcher = line.matcher(smapsRollup);
        return matcher.find() ? Long.parseLong(matcher.group(1)) * KIB : 0;
    }
}
