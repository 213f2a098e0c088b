package io.portcullis.core.ban;

import io.portcullis.core.net.IpAddress;

/** Which family the addresses of a prefix may be of. Lengths are in the 128-bit form. */
final class Prefix {

    /** The shortest prefix that can lie inside IPv4 ({@code ::ffff:0:0/96}) alone. */
    private static final int IPV4 = 96;

    private static final IpAddress SOME_IPV4 = IpAddress.ofIpv4(0);

    private Prefix() {}

    /** Whether an IPv4 address may lie inside: all of them lie inside {@code ::/0}. */
    static boolean touchesIpv4(IpAddress network, int length) {
        return length >= IPV4
                ? network.isIpv4()
                : network.high() == 0
                        && IpAddress.truncatedLow(SOME_IPV4.low(), length)
                                == IpAddress.truncatedLow(network.low(), length);
    }

    /** Whether an IPv6 address may lie inside. */
    static boolean touchesIpv6(IpAddress network, int length) {
        return length < IPV4 || !network.isIpv4();
    }
}
