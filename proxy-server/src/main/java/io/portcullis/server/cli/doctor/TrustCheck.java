package io.portcullis.server.cli.doctor;

import io.portcullis.core.net.CidrSet;
import io.portcullis.core.net.IpAddress;
import java.util.Objects;
import java.util.stream.Stream;

/** Whether trusted proxies and the allowlist cover half the internet, so that anybody may say who he is. */
final class TrustCheck implements Check {

    /** Public addresses of different registries: who has three of them in one list did not mean a network of his own. */
    private static final Stream<String> FAR_APART =
            Stream.of("1.1.1.1", "8.8.8.8", "41.0.0.1", "80.0.0.1", "200.0.0.1", "2001:500::1", "2a00::1");

    private static final IpAddress[] PUBLIC =
            FAR_APART.map(IpAddress::parse).map(Objects::requireNonNull).toArray(IpAddress[]::new);

    @Override
    public String name() {
        return "trust";
    }

    @Override
    public void look(Scene scene, Findings findings) {
        scene.config().ifPresent(config -> {
            if (isTooWide(config.trustedProxies())) {
                findings.problem(
                        "trusted-proxies covers nearly every address: any client may say in a header who it is, and"
                                + " nobody is ever banned",
                        "Name the proxies alone, each by its address or network.");
            }
            if (isTooWide(config.allowlist())) {
                findings.problem(
                        "allowlist covers nearly every address: nobody is ever counted or banned",
                        "Name those alone that must never be banned.");
            }
            if (findings.isEmpty()) {
                findings.ok("trusted-proxies and allowlist leave strangers out");
            }
        });
    }

    private static boolean isTooWide(CidrSet set) {
        return Stream.of(PUBLIC).filter(set::contains).count() >= 2;
    }
}
