package io.portcullis.core.ban;

import io.portcullis.core.net.ClientKey;
import io.portcullis.core.net.IpAddress;
import java.util.Arrays;

/**
 * Which lengths the prefixes of the bans have, so that a lookup probes no others.
 *
 * <p>IPv4 apart from IPv6: a widened {@code /56} is no reason for IPv4 clients to look further. Reads take no lock.
 */
final class PrefixLengths {

    private static final int LENGTHS = 129;

    /** Guarded by this. */
    private final int[] ipv4Bans = new int[LENGTHS];
    /** Guarded by this. */
    private final int[] ipv6Bans = new int[LENGTHS];

    /** By the length of a client's own prefix. */
    private volatile int[][] ipv4 = inUse(ipv4Bans);

    /** By the length of a client's own prefix. */
    private volatile int[][] ipv6 = inUse(ipv6Bans);

    /** The lengths in use that may concern the client, none longer than its own, shortest first. Not to be written to. */
    int[] thatConcern(ClientKey client) {
        return (client.network().isIpv4() ? ipv4 : ipv6)[client.prefixLength()];
    }

    /** Called before the ban is put in, so that no reader who could see it looks past it. */
    synchronized void add(IpAddress network, int length) {
        if (Prefix.touchesIpv4(network, length) && ipv4Bans[length]++ == 0) {
            ipv4 = inUse(ipv4Bans);
        }
        if (Prefix.touchesIpv6(network, length) && ipv6Bans[length]++ == 0) {
            ipv6 = inUse(ipv6Bans);
        }
    }

    /** Called after the ban is taken out. */
    synchronized void remove(IpAddress network, int length) {
        if (Prefix.touchesIpv4(network, length) && --ipv4Bans[length] == 0) {
            ipv4 = inUse(ipv4Bans);
        }
        if (Prefix.touchesIpv6(network, length) && --ipv6Bans[length] == 0) {
            ipv6 = inUse(ipv6Bans);
        }
    }

    private static int[][] inUse(int[] bans) {
        int[][] upTo = new int[LENGTHS][];
        int[] lengths = {};
        for (int length = 0; length < LENGTHS; length++) {
            if (bans[length] > 0) {
                lengths = Arrays.copyOf(lengths, lengths.length + 1);
                lengths[lengths.length - 1] = length;
            }
            upTo[length] = lengths;
        }
        return upTo;
    }
}
