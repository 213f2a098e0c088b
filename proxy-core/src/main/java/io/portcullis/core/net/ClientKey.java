package io.portcullis.core.net;

/**
 * What is counted and banned: an IPv4 address, or an IPv6 prefix.
 *
 * <p>One subscriber holds a whole IPv6 prefix, commonly a /64 (RFC 6177), and can take a new address for every request;
 * counting single addresses would count nobody.
 *
 * @param network the address with the bits after the prefix cleared
 * @param prefixLength in the 128-bit form: 128 for an IPv4 address
 */
public record ClientKey(IpAddress network, int prefixLength) {

    /**
     * The key under which an address is counted.
     *
     * @param ipv6Prefix 1 to 128; an IPv4 address is always its own key
     */
    public static ClientKey of(IpAddress address, int ipv6Prefix) {
        return address.isIpv4() ? new ClientKey(address, 128) : new ClientKey(address.truncate(ipv6Prefix), ipv6Prefix);
    }

    @Override
    public int hashCode() {
        return network.hashCode() + prefixLength;
    }

    /** {@code 192.0.2.1}, {@code 2001:db8::/64} or, of a block that a person banned, {@code 192.0.2.0/24}. */
    @Override
    public String toString() {
        return new Cidr(network, prefixLength).toString();
    }
}
