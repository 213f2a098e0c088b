package io.portcullis.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.net.CidrSet;
import io.portcullis.core.net.IpAddress;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The host cannot ban itself, and nobody else profits from that. */
class HostAddressesTest {

    private static boolean has(CidrSet addresses, String address) {
        return addresses.contains(Objects.requireNonNull(IpAddress.parse(address)));
    }

    @Test
    void hasWhatIsAssignedToAnInterfaceAndNotTheNetworkAroundIt() {
        CidrSet own = HostAddresses.read();
        assertThat(has(own, "127.0.0.1")).isTrue();
        assertThat(has(own, "127.0.0.2"))
                .as("of the loopback network, but nobody's")
                .isFalse();
        assertThat(has(own, "192.0.2.200")).isFalse();
    }
}
