package io.portcullis.benchmarks.peer;

import java.util.Set;

/**
 * What a proxy is set up for.
 *
 * @param applicationPort where the application listens, on 127.0.0.1
 * @param hosts how many virtual hosts there are, all of them with this application
 * @param features what is switched on, where the proxy has it
 */
public record Setup(int applicationPort, int hosts, Set<Feature> features, Certificate certificate) {

    /** The client that offends, and is banned. */
    public static final String OFFENDER = "127.0.0.2";

    /** How many answers of 403 are one too many. */
    public static final int MAX_RETRY = 5;

    private static final String DOMAIN = ".bench.test";

    public Setup {
        features = Set.copyOf(features);
        if (hosts < 1) {
            throw new IllegalArgumentException("hosts: " + hosts + " (expected: >= 1)");
        }
    }

    /** The name of a virtual host; numbers begin at 0. */
    public static String host(int number) {
        return "h" + number + DOMAIN;
    }

    /** The names of all virtual hosts, with {@code *} for the number. */
    public static String anyHost() {
        return "h*" + DOMAIN;
    }
}
