package io.portcullis.benchmarks.scenario;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What this process, and those that it starts, may do (capabilities(7)). */
final class Capabilities {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Pattern EFFECTIVE = Pattern.compile("^CapEff:\\s*([0-9a-f]+)$", Pattern.MULTILINE);
    private static final long NET_ADMIN = 1L << 12;

    private Capabilities() {}

    static boolean mayAdministerTheNetwork() {
        try {
            return mayAdministerTheNetwork(Files.readString(STATUS));
        } catch (IOException e) {
            return false;
        }
    }

    static boolean mayAdministerTheNetwork(String status) {
        Matcher effective = EFFECTIVE.matcher(status);
        return effective.find() && (Long.parseUnsignedLong(effective.group(1), 16) & NET_ADMIN) != 0;
    }
}
