package io.portcullis.benchmarks.process;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The processor cores that a process is kept on; none: wherever the kernel puts it. */
public record CoreSet(List<Integer> cores) {

    public static final CoreSet ANY = new CoreSet(List.of());

    public CoreSet {
        cores = List.copyOf(cores);
        for (int core : cores) {
            if (core < 0) {
                throw new IllegalArgumentException("core: " + core + " (expected: >= 0)");
            }
        }
    }

    public static CoreSet of(int core) {
        return new CoreSet(List.of(core));
    }

    /** The command that runs {@code command} on these cores alone. taskset becomes the command, so the process is the same. */
    public List<String> pinned(List<String> command) {
        if (cores.isEmpty()) {
            return List.copyOf(command);
        }
        List<String> pinned = new ArrayList<>(command.size() + 3);
        pinned.add("taskset");
        pinned.add("-c");
        pinned.add(cores.stream().map(String::valueOf).collect(Collectors.joining(",")));
        pinned.addAll(command);
        return pinned;
    }
}
