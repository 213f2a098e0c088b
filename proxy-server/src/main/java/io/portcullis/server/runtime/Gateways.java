package io.portcullis.server.runtime;

import io.portcullis.core.net.Cidr;
import io.portcullis.core.net.IpAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The host's default gateways. Where a container engine or a router rewrites the source address, every client arrives
 * with the gateway's; to ban that one would lock out everybody.
 */
final class Gateways {

    private static final Path IPV4_ROUTES = Path.of("/proc/net/route");
    private static final Path IPV6_ROUTES = Path.of("/proc/net/ipv6_route");
    private static final String NO_IPV4 = "00000000";
    private static final String NO_IPV6 = "0".repeat(32);

    private Gateways() {}

    /** As the kernel's routing tables have them now; none where they can't be read. Blocks. */
    static List<Cidr> read() {
        List<Cidr> gateways = new ArrayList<>();
        for (String line : lines(IPV4_ROUTES)) {
            ipv4(line, gateways);
        }
        for (String line : lines(IPV6_ROUTES)) {
            ipv6(line, gateways);
        }
        return gateways;
    }

    /** Interface, destination, gateway, in host byte order (little endian on all that Netty's natives run on). */
    static void ipv4(String line, List<Cidr> gateways) {
        String[] columns = line.strip().split("\\s+", -1);
        if (columns.length > 2 && columns[1].equals(NO_IPV4) && columns[2].matches("[0-9A-Fa-f]{8}")) {
            int bits = Integer.reverseBytes((int) Long.parseLong(columns[2], 16));
            if (bits != 0) {
                gateways.add(new Cidr(IpAddress.ofIpv4(bits), 128));
            }
        }
    }

    /** Destination, its length, source, its length, next hop. */
    static void ipv6(String line, List<Cidr> gateways) {
        String[] columns = line.strip().toLowerCase(Locale.ROOT).split("\\s+", -1);
        if (columns.length > 4
                && columns[0].equals(NO_IPV6)
                && columns[1].equals("00")
                && columns[4].matches("[0-9a-f]{32}")
                && !columns[4].equals(NO_IPV6)) {
            long high = Long.parseUnsignedLong(columns[4].substring(0, 16), 16);
            long low = Long.parseUnsignedLong(columns[4].substring(16), 16);
            gateways.add(new Cidr(new IpAddress(high, low), 128));
        }
    }

    private static List<String> lines(Path table) {
        try {
            return Files.readAllLines(table, StandardCharsets.US_ASCII);
        } catch (IOException e) {
            return List.of();
        }
    }
}
