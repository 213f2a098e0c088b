package io.portcullis.server.cli.doctor;

import java.util.List;
import java.util.Optional;

/** Whether the process may open as many files as {@code max-connections} asks for. */
final class FileLimitCheck implements Check {

    /** The client's and the endpoint's. */
    private static final int PER_CONNECTION = 2;
    /** Listeners, logs, the store, event loops, the admin API, jars. */
    private static final int OTHERS = 200;

    private static final String LINE = "Max open files";

    @Override
    public String name() {
        return "file limit";
    }

    @Override
    public void look(Scene scene, Findings findings) {
        scene.config()
                .ifPresent(config -> limit(scene).ifPresent(limit -> {
                    int connections = config.limits().maxConnections();
                    long needed = (long) connections * PER_CONNECTION + OTHERS;
                    if (limit < needed) {
                        findings.problem(
                                "at most " + limit + " files may be open, and limits.max-connections = " + connections
                                        + " needs about " + needed + ": connections fail before that limit is reached",
                                "LimitNOFILE=" + needed + " in the systemd unit, --ulimit nofile=" + needed
                                        + " for docker run, ulimit -n " + needed + " in a shell; or lower"
                                        + " limits.max-connections to " + Math.max(1, (limit - OTHERS) / PER_CONNECTION)
                                        + ".");
                    } else {
                        findings.ok(limit + " files may be open, enough for " + connections + " connections");
                    }
                }));
    }

    /** The soft limit of the process; where none runs the hard one, to which a JVM raises itself. */
    private static Optional<Long> limit(Scene scene) {
        return scene.host().lines(scene.proc() + "/limits").stream()
                .filter(line -> line.startsWith(LINE))
                .map(line -> List.of(line.substring(LINE.length()).strip().split("\\s+", -1)))
                .filter(columns -> columns.size() > 1)
                .map(columns -> columns.get(scene.process().isPresent() ? 0 : 1))
                .findFirst()
                .flatMap(text -> text.equals("unlimited") ? Optional.of(Long.MAX_VALUE) : Host.numberOf(text));
    }
}
