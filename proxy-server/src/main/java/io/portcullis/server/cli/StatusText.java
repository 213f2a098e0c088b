package io.portcullis.server.cli;

import io.portcullis.server.observe.ShortDuration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** How the process is, for a person who was woken by it: what is wrong stands first. */
final class StatusText {

    private final JsonDocument status;

    StatusText(JsonDocument status) {
        this.status = status;
    }

    /** A headline, the problems, and then what there is to know, aligned. */
    List<String> forPerson() {
        List<String> lines = new ArrayList<>();
        List<String> problems = status.texts("problems");
        String state = "portcullis is " + Printable.of(status.text("state"));
        lines.add(
                problems.isEmpty()
                        ? state + ", and nothing is wrong"
                        : state + ", and " + (problems.size() == 1 ? "1 thing is" : problems.size() + " things are")
                                + " wrong");
        problems.forEach(problem -> lines.add("  ! " + Printable.of(problem)));
        lines.add("");
        List<List<String>> rows = rows().stream()
                .map(row -> row.stream().map(Printable::of).toList())
                .toList();
        lines.addAll(Table.lines(rows));
        return lines;
    }

    /** One fact a line, a tab between its name and what it is; {@code problem} as often as there are. */
    List<String> plain() {
        List<String> lines = new ArrayList<>();
        lines.add(Table.plain(List.of("state", status.text("state"))));
        status.texts("problems").forEach(problem -> lines.add(Table.plain(List.of("problem", problem))));
        rows().forEach(row -> lines.add(Table.plain(row)));
        return lines;
    }

    private List<List<String>> rows() {
        JsonDocument configuration = status.object("configuration");
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "process",
                "version " + status.text("version") + ", pid " + status.text("pid") + ", up "
                        + uptime(Duration.ofMillis(status.number("uptime_ms"))) + " since "
                        + seconds("started", status)));
        rows.add(List.of(
                "configuration",
                configuration.text("file") + ", loaded " + seconds("loaded", configuration) + ", "
                        + count(configuration.number("virtual_hosts"), "virtual host")));
        rows.add(List.of("last reload", lastReload()));
        for (JsonDocument listener : status.objects("listeners")) {
            rows.add(List.of("listener", listener(listener)));
        }
        rows.add(List.of("kernel filter", kernelFilter()));
        rows.add(List.of("connections", occupancy("connections")));
        rows.add(List.of("bans", occupancy("bans")));
        rows.add(List.of("clients counted", occupancy("tracked_clients")));
        rows.add(List.of("store", store()));
        JsonDocument log = status.object("access_log");
        rows.add(List.of("access log", log.text("target").isEmpty() ? "off" : log.text("target")));
        for (JsonDocument certificate : status.objects("certificates")) {
            rows.add(List.of(
                    "certificate", certificate.text("certificate") + " until " + seconds("until", certificate)));
        }
        rows.add(List.of(
                "runs on",
                status.text("java") + ", " + status.text("transport") + ", " + status.text("tls_library") + ", "
                        + count(status.number("event_loops"), "event loop")));
        return rows;
    }

    private String lastReload() {
        JsonDocument reload = status.object("last_reload");
        if (reload.text("time").isEmpty()) {
            return "none";
        }
        return (reload.is("applied") ? "applied " : "refused ") + seconds("time", reload);
    }

    private static String listener(JsonDocument listener) {
        List<String> settings = new ArrayList<>();
        for (String setting : List.of("tls", "http2", "proxy_protocol")) {
            if (listener.is(setting)) {
                settings.add(setting.replace('_', ' '));
            }
        }
        return listener.text("name") + " at " + listener.text("address")
                + (settings.isEmpty() ? "" : settings.stream().collect(Collectors.joining(", ", " (", ")")));
    }

    private String kernelFilter() {
        JsonDocument filter = status.object("kernel_filter");
        long addresses = status.objects("listeners").stream()
                .mapToLong(listener -> listener.number("kernel_filter_addresses"))
                .sum();
        return switch (filter.text("state")) {
            case "on" -> "on, refuses " + grouped(addresses) + (addresses == 1 ? " address" : " addresses");
            case "unavailable" -> "none: " + filter.text("why");
            case "" -> "none";
            default -> filter.text("state");
        };
    }

    private String occupancy(String name) {
        JsonDocument occupancy = status.object(name);
        return grouped(occupancy.number("count")) + " of at most " + grouped(occupancy.number("most"));
    }

    private String store() {
        JsonDocument store = status.object("store");
        String where = store.text("path").isEmpty() ? "in memory, forgotten with the process" : store.text("path");
        return where + (store.text("fault").isEmpty() ? "" : " (not written: " + store.number("waiting") + " waiting)");
    }

    private static String count(long number, String thing) {
        return grouped(number) + " " + Counted.noun(number, thing);
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** Without the milliseconds, which nobody needs here. */
    private static String seconds(String name, JsonDocument object) {
        return object.text(name).replaceFirst("\\.[0-9]+Z$", "Z");
    }

    /** In its two largest units: {@code 3d4h}, {@code 12m5s}. */
    static String uptime(Duration time) {
        return time.toMillis() < 1000 ? "0s" : ShortDuration.text(time.toMillis());
    }
}
