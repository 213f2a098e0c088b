package io.portcullis.server.e2e.kit;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.atomic.AtomicInteger;

/** Loopback addresses: Linux owns all of 127.0.0.0/8, so each client of a test can have an address of its own. */
public final class Loopback {

    private static final AtomicInteger NEXT = new AtomicInteger();

    /** A client address that no other test of this JVM has used: a ban of one test is not felt in another. */
    public static String newClient() {
        int number = NEXT.incrementAndGet();
        // Always three digits at the end: no address is the beginning of another, also in a log line.
        return "127.1." + (number / 150) + "." + (number % 150 + 100);
    }

    static InetAddress address(String dotted) {
        String[] octets = dotted.split("\\.", -1);
        byte[] bytes = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            bytes[i] = (byte) Integer.parseInt(octets[i]);
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("address: " + dotted + " (expected: four octets)", e);
        }
    }

    public static InetSocketAddress socket(String dotted, int port) {
        return new InetSocketAddress(address(dotted), port);
    }

    private Loopback() {}
}
