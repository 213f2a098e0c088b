package io.portcullis.server.admin;

import io.portcullis.core.config.ConfigProblem;
import io.portcullis.core.config.ConfigWarning;
import java.util.ArrayList;
import java.util.List;

/**
 * What became of a reload: applied, or refused and why.
 *
 * @param at when it was done, in milliseconds since the epoch
 * @param tookMillis how long it took
 * @param problems why the configuration was refused; none where it was applied
 * @param warnings what its operator should know all the same
 * @param changes what it brought; nothing where it was refused
 */
public record ReloadReport(
        long at, long tookMillis, List<ConfigProblem> problems, List<ConfigWarning> warnings, Changes changes) {

    public ReloadReport {
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
    }

    /** Whether the configuration is in force now; otherwise the one before goes on. */
    public boolean isApplied() {
        return problems.isEmpty();
    }

    /**
     * The difference between two configurations.
     *
     * @param settings the keys of the main file whose new values are in force, such as {@code timeouts}
     * @param needsRestart the keys whose new values are not, because a running process cannot change them
     */
    public record Changes(Listeners listeners, Hosts hosts, List<String> settings, List<String> needsRestart) {

        public static final Changes NONE = new Changes(
                new Listeners(List.of(), List.of(), List.of(), List.of()),
                new Hosts(List.of(), List.of(), List.of()),
                List.of(),
                List.of());

        public Changes {
            settings = List.copyOf(settings);
            needsRestart = List.copyOf(needsRestart);
        }

        /** Whether all is as it was, and as it would be after a restart. */
        public boolean isNothing() {
            return equals(new Changes(
                    new Listeners(List.of(), List.of(), listeners.kept(), List.of()),
                    NONE.hosts,
                    NONE.settings,
                    NONE.needsRestart));
        }

        /** What is in force now and was not, in one line; what needs a restart is not. */
        @Override
        public String toString() {
            List<String> parts = new ArrayList<>();
            add("listeners opened", listeners.opened(), parts);
            add("listeners changed", listeners.changed(), parts);
            add("listeners closed", listeners.closed(), parts);
            add("hosts added", hosts.added(), parts);
            add("hosts changed", hosts.changed(), parts);
            add("hosts removed", hosts.removed(), parts);
            add("settings changed", settings, parts);
            return parts.isEmpty() ? "nothing has changed" : String.join("; ", parts);
        }

        private static void add(String what, List<String> names, List<String> parts) {
            if (!names.isEmpty()) {
                parts.add(what + ": " + String.join(", ", names));
            }
        }
    }

    /**
     * Each as {@code name=address:port}.
     *
     * @param changed those that go on with the same socket and another name or other settings
     * @param kept those that go on as they were
     */
    public record Listeners(List<String> opened, List<String> changed, List<String> kept, List<String> closed) {
        public Listeners {
            opened = List.copyOf(opened);
            changed = List.copyOf(changed);
            kept = List.copyOf(kept);
            closed = List.copyOf(closed);
        }
    }

    /** Virtual hosts, by their names. */
    public record Hosts(List<String> added, List<String> changed, List<String> removed) {
        public Hosts {
            added = List.copyOf(added);
            changed = List.copyOf(changed);
            removed = List.copyOf(removed);
        }
    }
}
