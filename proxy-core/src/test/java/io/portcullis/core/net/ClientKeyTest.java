package io.portcullis.core.net;

import static io.portcullis.core.net.Literals.address;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ClientKeyTest {

    @Test
    void oneSubscribersIpv6AddressesAreOneClient() {
        ClientKey one = key("2001:db8:1:2::1", 64);
        assertThat(one).isEqualTo(key("2001:db8:1:2:ffff:ffff:ffff:ffff", 64)).hasToString("2001:db8:1:2::/64");
        assertThat(one.hashCode()).isEqualTo(key("2001:db8:1:2::2", 64).hashCode());
        assertThat(one).isNotEqualTo(key("2001:db8:1:3::1", 64));
    }

    @Test
    void anIpv4AddressIsItsOwnClientHoweverTheSocketReportsIt() {
        assertThat(key("192.0.2.1", 64)).isEqualTo(key("::ffff:192.0.2.1", 16)).hasToString("192.0.2.1");
        assertThat(key("192.0.2.1", 64)).isNotEqualTo(key("192.0.2.2", 64));
    }

    @Test
    void aPrefixOfAllBitsCountsSingleAddresses() {
        assertThat(key("2001:db8::1", 128))
                .isNotEqualTo(key("2001:db8::2", 128))
                .hasToString("2001:db8::1");
    }

    private static ClientKey key(String address, int ipv6Prefix) {
        return ClientKey.of(address(address), ipv6Prefix);
    }
}
