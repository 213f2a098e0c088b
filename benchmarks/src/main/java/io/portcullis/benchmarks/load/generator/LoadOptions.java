package io.portcullis.benchmarks.load.generator;

import io.portcullis.benchmarks.load.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a load process was told: the kind of load, where it goes, and its options, each checked. */
record LoadOptions(Kind kind, Target target, Map<Option, List<String>> values) {

    /** For all connections to stand, and everything to be closed again. */
    private static final Duration OPENING = Duration.ofSeconds(60);

    private static final String ADDRESS = "address";
    private static final String PORT = "port";
    private static final String HOST = "host";
    private static final String TLS = "tls";

    LoadOptions {
        EnumMap<Option, List<String>> all = new EnumMap<>(kind.defaults());
        values.forEach((option, said) -> {
            if (!kind.defaults().containsKey(option)) {
                throw new IllegalArgumentException("--" + option.key() + ": not of " + kind.key() + " (expected: "
                        + keys(kind.defaults().keySet().stream().map(Option::key)) + ")");
            }
            if (said.size() > 1 && !option.isMany()) {
                throw new IllegalArgumentException("--" + option.key() + ": said twice (expected: once)");
            }
            all.put(option, said.stream().map(option::check).toList());
        });
        String hosts = String.join("", all.getOrDefault(Option.HOSTS, List.of("1")));
        if (!hosts.equals("1") && target.hostName(0).equals(target.host())) {
            throw new IllegalArgumentException("--hosts: " + hosts + ", of " + target.host()
                    + " (expected: a host with * where the number is to be)");
        }
        values = Map.copyOf(all);
    }

    /** As {@link #arguments} gives them. */
    static LoadOptions parse(List<String> arguments) {
        if (arguments.isEmpty()) {
            throw new IllegalArgumentException("no kind of load (expected: " + Kind.keys() + ")");
        }
        Map<Option, List<String>> values = new EnumMap<>(Option.class);
        Where where = new Where();
        for (int i = 1; i < arguments.size(); i += 2) {
            String name = arguments.get(i);
            if (!name.startsWith("--") || i + 1 == arguments.size()) {
                throw new IllegalArgumentException(name + ": expected: --option value");
            }
            String key = name.substring(2);
            String value = arguments.get(i + 1);
            if (!where.take(key, value)) {
                values.computeIfAbsent(option(key), each -> new ArrayList<>()).add(value);
            }
        }
        return new LoadOptions(Kind.of(arguments.get(0)), where.target(), values);
    }

    /** The command line that says the same. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of(
                kind.key(),
                "--" + ADDRESS,
                target.address(),
                "--" + PORT,
                String.valueOf(target.port()),
                "--" + HOST,
                target.host(),
                "--" + TLS,
                String.valueOf(target.tls())));
        values.forEach((option, said) -> said.forEach(value -> {
            arguments.add("--" + option.key());
            arguments.add(value);
        }));
        return arguments;
    }

    int count(Option option) {
        return Integer.parseInt(text(option));
    }

    /** 0 for a kind that doesn't take the option. */
    long nanos(Option option) {
        return texts(option).isEmpty() ? 0 : Math.round(Double.parseDouble(text(option)) * 1e9);
    }

    /** How long a load may take at most to get ready, or to measure. */
    Duration bound() {
        long leadIn = nanos(Option.LEAD_IN) * LeadIn.MOST_SLICES / LeadIn.SLICES;
        return OPENING.plusNanos(Math.max(nanos(Option.SECONDS), leadIn) + 2 * nanos(Option.TIMEOUT));
    }

    String text(Option option) {
        List<String> said = texts(option);
        if (said.size() != 1) {
            throw new IllegalArgumentException("--" + option.key() + ": not said (expected: for " + kind.key() + ")");
        }
        return said.get(0);
    }

    List<String> texts(Option option) {
        return values.getOrDefault(option, List.of());
    }

    private static Option option(String key) {
        return Option.of(key).orElseThrow(() -> {
            Stream<String> own = Stream.of(Option.values()).map(Option::key);
            String all = keys(Stream.concat(Stream.of(ADDRESS, PORT, HOST, TLS), own));
            return new IllegalArgumentException("--" + key + ": no such option (expected: " + all + ")");
        });
    }

    private static String keys(Stream<String> keys) {
        return keys.map(key -> "--" + key).sorted().collect(Collectors.joining(", "));
    }

    /** The options that say where a load goes. */
    private static final class Where {

        private String address = "127.0.0.1";
        private String host = "localhost";
        private int port;
        private boolean tls;

        boolean take(String key, String value) {
            switch (key) {
                case ADDRESS -> address = value;
                case HOST -> host = value;
                case PORT -> port = port(value);
                case TLS -> tls = tls(value);
                default -> {
                    return false;
                }
            }
            return true;
        }

        Target target() {
            return new Target(address, port, tls, host);
        }

        private static int port(String value) {
            if (!value.matches("\\d{1,5}")) {
                throw new IllegalArgumentException("--" + PORT + ": " + value + " (expected: a number)");
            }
            return Integer.parseInt(value);
        }

        private static boolean tls(String value) {
            if (!value.equals("true") && !value.equals("false")) {
                throw new IllegalArgumentException("--" + TLS + ": " + value + " (expected: true or false)");
            }
            return value.equals("true");
        }
    }
}
