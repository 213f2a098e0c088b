package io.portcullis.server.runtime;

import io.portcullis.core.net.Cidr;
import io.portcullis.core.net.CidrSet;
import io.portcullis.core.net.IpAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The addresses under which the host itself arrives: its own, and those of its {@link Gateways}. To ban one of its own
 * would shut out its health checks and every application on it.
 */
final class HostAddresses {

    private static final Logger LOG = LoggerFactory.getLogger(HostAddresses.class);

    private HostAddresses() {}

    /** As they are now: interfaces come and go with containers. Blocks. */
    static CidrSet read() {
        List<Cidr> addresses = new ArrayList<>(Gateways.read());
        try {
            NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .forEach(address -> addresses.add(new Cidr(IpAddress.of(address), 128)));
        } catch (SocketException e) {
            LOG.warn("the host's own addresses cannot be read and are not exempt: {}", e.getMessage());
        }
        return CidrSet.of(addresses);
    }
}
