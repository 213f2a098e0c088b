package io.portcullis.benchmarks.load;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * Where a load goes: a port of this machine, and the name it is asked for.
 *
 * @param address a loopback address, in numbers: a load is a weapon, and no other machine's
 * @param host the name in the requests and in the TLS hello; {@code *} in it stands for a number, where a load rotates
 *     over many names
 */
public record Target(String address, int port, boolean tls, String host) {

    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.*-]{1,253}");
    private static final int HIGHEST_PORT = 65_535;

    public Target {
        if (!isLoopback(address)) {
            throw new IllegalArgumentException("address: " + address
                    + " (expected: one of 127.0.0.0/8, in numbers; no other machine is put under load)");
        }
        if (port < 1 || port > HIGHEST_PORT) {
            throw new IllegalArgumentException("port: " + port + " (expected: 1 to " + HIGHEST_PORT + ")");
        }
        if (!HOST.matcher(host).matches()) {
            throw new IllegalArgumentException("host: " + host + " (expected: a host name)");
        }
    }

    public static Target plain(int port, String host) {
        return new Target("127.0.0.1", port, false, host);
    }

    public static Target tls(int port, String host) {
        return new Target("127.0.0.1", port, true, host);
    }

    /** The host of that number; the same for all where there is no {@code *} in it. */
    public String hostName(int number) {
        return host.replace("*", String.valueOf(number));
    }

    /** Whether that is an address of the loopback network, in numbers: a name would have to be looked up, elsewhere. */
    public static boolean isLoopback(String address) {
        try {
            return IPV4.matcher(address).matches()
                    && InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
