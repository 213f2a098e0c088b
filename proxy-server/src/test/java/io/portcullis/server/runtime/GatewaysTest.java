package io.portcullis.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.net.Cidr;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads the kernel's routing tables: a gateway that is missed can be banned, and with it everybody behind it. */
class GatewaysTest {

    private static List<String> ipv4(String line) {
        List<Cidr> gateways = new ArrayList<>();
        Gateways.ipv4(line, gateways);
        return gateways.stream().map(Cidr::toString).toList();
    }

    private static List<String> ipv6(String line) {
        List<Cidr> gateways = new ArrayList<>();
        Gateways.ipv6(line, gateways);
        return gateways.stream().map(Cidr::toString).toList();
    }

    @Test
    void findsTheGatewayOfAContainerNetwork() {
        assertThat(ipv4("eth0\t00000000\t010011AC\t0003\t0\t0\t0\t00000000\t0\t0\t0  "))
                .containsExactly("172.17.0.1");
    }

    @Test
    void findsTheGatewayOfAnIpv6Network() {
        assertThat(ipv6("00000000000000000000000000000000 00 00000000000000000000000000000000 00"
                        + " fe800000000000000000000000000001 00000400 00000000 00000000 00000003     eth0"))
                .containsExactly("fe80::1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT",
                "eth0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0",
                "eth0\t00000A0A\t010011AC\t0003\t0\t0\t0\t0000FFFF\t0\t0\t0",
                "ppp0\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0",
                "eth0\t00000000\t0100",
                "eth0\t00000000\tnonsense",
                "eth0",
                ""
            })
    void takesNoOtherIpv4RouteForAGateway(String line) {
        assertThat(ipv4(line)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fd000000000000000000000000000000 40 00000000000000000000000000000000 00"
                        + " fe800000000000000000000000000001 00000400 00000000 00000000 00000003 eth0",
                "00000000000000000000000000000000 00 00000000000000000000000000000000 00"
                        + " 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200 lo",
                "00000000000000000000000000000000 60 00000000000000000000000000000000 00"
                        + " fe800000000000000000000000000001 ffffffff 00000001 00000000 00200200 eth0",
                "00000000000000000000000000000000 00",
                ""
            })
    void takesNoOtherIpv6RouteForAGateway(String line) {
        assertThat(ipv6(line)).isEmpty();
    }
}
