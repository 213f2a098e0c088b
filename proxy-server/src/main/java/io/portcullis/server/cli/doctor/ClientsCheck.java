package io.portcullis.server.cli.doctor;

import io.portcullis.core.config.PortcullisConfig;
import io.portcullis.core.net.Cidr;
import io.portcullis.core.net.CidrSet;
import io.portcullis.core.net.IpAddress;
import io.portcullis.server.admin.Vitals;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Whether clients arrive under their own addresses. Behind Docker's userland proxy, a NAT or a load balancer that nobody
 * has named, all arrive as one: then a ban hits everybody, or, where that address is exempt, nobody.
 */
final class ClientsCheck implements Check {

    /** Fewer connections say nothing. */
    private static final int ENOUGH = 20;
    /** In percent. */
    private static final int NEARLY_ALL = 90;

    private static final CidrSet LOOPBACK = blocks("127.0.0.0/8", "::1/128");
    private static final CidrSet PRIVATE = blocks(
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "100.64.0.0/10",
            "169.254.0.0/16",
            "fc00::/7",
            "fe80::/10");

    private static CidrSet blocks(String... texts) {
        return CidrSet.of(
                Stream.of(texts).map(Cidr::parse).map(Objects::requireNonNull).toList());
    }

    @Override
    public String name() {
        return "clients";
    }

    @Override
    public void look(Scene scene, Findings findings) {
        scene.process().ifPresent(vitals -> scene.config().ifPresent(config -> look(vitals, config, findings)));
    }

    private static void look(Vitals vitals, PortcullisConfig config, Findings findings) {
        List<Vitals.Peer> strangers = vitals.recentPeers().stream()
                .filter(peer -> !config.trustedProxies().contains(peer.address()))
                .toList();
        int all =
                vitals.recentPeers().stream().mapToInt(Vitals.Peer::connections).sum();
        int untrusted = strangers.stream().mapToInt(Vitals.Peer::connections).sum();
        if (untrusted < ENOUGH) {
            findings.ok(
                    all < ENOUGH
                            ? all + " of the last connections are known, too few to tell whose addresses clients have"
                            : "clients come through trusted proxies (" + (all - untrusted) + " of the last " + all
                                    + " connections)");
            return;
        }
        Vitals.Peer first = strangers.get(0);
        boolean isOne = first.connections() * 100 >= untrusted * NEARLY_ALL;
        boolean isSuspect = PRIVATE.contains(first.address())
                || LOOPBACK.contains(first.address())
                || vitals.gateways().contains(first.address());
        if (isOne && isSuspect) {
            tell(first, untrusted, vitals, config, findings);
        } else {
            findings.ok("clients have addresses of their own (" + strangers.size() + " different ones among the last "
                    + untrusted + " connections)");
        }
    }

    private static void tell(
            Vitals.Peer first, int untrusted, Vitals vitals, PortcullisConfig config, Findings findings) {
        IpAddress address = first.address();
        boolean isGateway = vitals.gateways().contains(address);
        boolean isExempt = isGateway || config.allowlist().contains(address);
        findings.problem(
                first.connections() + " of the last " + untrusted + " connections came from " + address + ", which is "
                        + (isGateway
                                ? "this network's gateway"
                                : LOOPBACK.contains(address) ? "this machine itself" : "a private address")
                        + " and not in trusted-proxies: whoever they are, they all count as that one client"
                        + (isExempt ? ", and it is exempt, so nobody is ever banned" : ", so one's ban is everybody's"),
                (isGateway
                                ? "In a container: run it with host networking, or set \"userland-proxy\": false in"
                                        + " /etc/docker/daemon.json and have no masquerading of incoming connections;"
                                        + " docs/operations.md says what each costs. "
                                : "")
                        + "If " + address + " is a load balancer or another proxy, put it into trusted-proxies and have"
                        + " it send " + config.clientAddressHeader().fieldName
                        + " or the PROXY protocol (proxy-protocol = true on the listener)."
                        + (LOOPBACK.contains(address) ? " If these are tests of your own, ignore this." : ""));
    }
}
