package io.portcullis.core.ban;

import io.portcullis.core.net.Cidr;
import io.portcullis.core.net.CidrSet;
import io.portcullis.core.net.IpAddress;
import java.util.Optional;

/**
 * Who is never counted and never banned.
 *
 * @param allowed the addresses that the operator lists
 * @param trustedProxies banning one would lock out everybody behind it
 * @param gateways the host's own: behind a container network every client may come from there
 */
public record Allowlist(CidrSet allowed, CidrSet trustedProxies, CidrSet gateways) {

    /** Nobody is exempt. */
    public static final Allowlist NOBODY = new Allowlist(CidrSet.EMPTY, CidrSet.EMPTY, CidrSet.EMPTY);

    /** Why the address is exempt, in words; empty where it is not. */
    public Optional<String> exemption(IpAddress address) {
        if (allowed.contains(address)) {
            return Optional.of("allowlist");
        }
        if (trustedProxies.contains(address)) {
            return Optional.of("trusted proxy");
        }
        return gateways.contains(address) ? Optional.of("the host's own address or gateway") : Optional.empty();
    }

    public boolean exempts(IpAddress address) {
        return allowed.contains(address) || trustedProxies.contains(address) || gateways.contains(address);
    }

    /** Whether any address of the block is exempt. */
    public boolean exemptsAnyOf(Cidr block) {
        return allowed.intersects(block) || trustedProxies.intersects(block) || gateways.intersects(block);
    }
}
