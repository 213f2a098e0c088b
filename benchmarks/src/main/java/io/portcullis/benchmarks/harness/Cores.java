package io.portcullis.benchmarks.harness;

import io.portcullis.benchmarks.process.CoreSet;
import io.portcullis.benchmarks.process.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which cores are whose: the first is the proxy's that is measured, all others are the application's and the load's.
 *
 * @param all that this process may use, those that are left idle among them
 * @param warning what makes figures worse than they could be
 */
record Cores(CoreSet proxies, CoreSet others, CoreSet all, Optional<String> warning) {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path PROCESSORS = Path.of("/sys/devices/system/cpu");
    private static final Pattern ALLOWED = Pattern.compile("^Cpus_allowed_list:\\s*(\\S+)$", Pattern.MULTILINE);

    static Cores find() throws IOException {
        if (Program.find("taskset").isEmpty()) {
            return unpinned(
                    "taskset is not installed (Debian: apt-get install util-linux), so proxies, application and load"
                            + " share all cores: expect noise");
        }
        Matcher allowed = ALLOWED.matcher(Files.readString(STATUS));
        if (!allowed.find()) {
            return unpinned(STATUS + " names no cores, so nothing is kept on a core: expect noise");
        }
        TreeSet<Integer> cores = list(allowed.group(1));
        Path siblings = PROCESSORS.resolve("cpu" + cores.first() + "/topology/thread_siblings_list");
        return divide(
                cores,
                Files.isReadable(siblings) ? list(Files.readString(siblings).strip()) : Set.of());
    }

    /** @param siblings of the first core: the threads that share its units, which nobody is to use meanwhile */
    static Cores divide(TreeSet<Integer> cores, Set<Integer> siblings) {
        if (cores.size() == 1) {
            return unpinned("one core: the proxy shares it with the application and the load, which slow it down");
        }
        List<Integer> others = new ArrayList<>(cores);
        others.removeAll(siblings);
        others.remove(cores.first());
        Optional<String> warning = Optional.empty();
        if (others.isEmpty()) {
            others = new ArrayList<>(cores.tailSet(cores.first(), false));
            warning = Optional.of(
                    "the load's core is another thread of the proxies' core: what one of them does slows the"
                            + " other down, and CPU figures are too high for all");
        }
        return new Cores(CoreSet.of(cores.first()), new CoreSet(others), new CoreSet(List.copyOf(cores)), warning);
    }

    /** A list as the kernel writes it: {@code 0-3,8}. */
    static TreeSet<Integer> list(String text) {
        TreeSet<Integer> cores = new TreeSet<>();
        for (String part : text.split(",", -1)) {
            String[] ends = part.split("-", 2);
            int last = Integer.parseInt(ends[ends.length - 1]);
            for (int core = Integer.parseInt(ends[0]); core <= last; core++) {
                cores.add(core);
            }
        }
        return cores;
    }

    String text() {
        return proxies.cores().isEmpty()
                ? "not pinned"
                : "proxies on " + text(proxies.cores()) + " (on all in start), application and load on "
                        + text(others.cores());
    }

    /** {@code core 0}, {@code cores 1-3, 5}. */
    private static String text(List<Integer> cores) {
        StringBuilder text = new StringBuilder(cores.size() == 1 ? "core " : "cores ");
        for (int i = 0; i < cores.size(); i++) {
            boolean follows = i > 0 && cores.get(i) == cores.get(i - 1) + 1;
            boolean goesOn = i + 1 < cores.size() && cores.get(i + 1) == cores.get(i) + 1;
            if (follows && goesOn) {
                continue;
            }
            text.append(i == 0 ? "" : follows ? "-" : ", ").append(cores.get(i));
        }
        return text.toString();
    }

    private static Cores unpinned(String warning) {
        return new Cores(CoreSet.ANY, CoreSet.ANY, CoreSet.ANY, Optional.of(warning));
    }
}
