package io.portcullis.core.config;

import io.portcullis.core.net.IpAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a running process is spoken to.
 *
 * @param bind where it listens for that; empty for nowhere
 * @param asked whether the configuration says anything of it: a default that cannot be had is no reason not to start
 * @param tokenFile holds the word that whoever speaks to it must know; made on first start
 */
public record AdminConfig(Optional<Bind> bind, Path tokenFile, boolean asked, Metrics metrics) {

    /**
     * What a scrape gets.
     *
     * @param maxHosts how many virtual hosts, and how many endpoints, have series of their own; 0 for none
     * @param withoutToken whether who does not know the token gets it, too
     */
    public record Metrics(int maxHosts, boolean withoutToken) {}

    /** @param port 0 for any free one */
    public record Bind(IpAddress address, int port) {

        /** Where a program on the same machine connects to: every address of the machine has its loopback among it. */
        public Bind fromHere() {
            return address.equals(ANY_IPV4)
                    ? new Bind(LOOPBACK_IPV4, port)
                    : address.equals(ANY_IPV6) ? new Bind(LOOPBACK_IPV6, port) : this;
        }

        /** {@code 127.0.0.1:9900} or {@code [::1]:9900}. */
        @Override
        public String toString() {
            return (address.isIpv4() ? address.toString() : "[" + address + "]") + ":" + port;
        }
    }

    private static final IpAddress ANY_IPV4 = IpAddress.ofIpv4(0);
    private static final IpAddress ANY_IPV6 = new IpAddress(0, 0);
    private static final IpAddress LOOPBACK_IPV4 = IpAddress.ofIpv4(0x7F00_0001);
    private static final IpAddress LOOPBACK_IPV6 = new IpAddress(0, 1);
}
