package io.portcullis.server.cli.doctor;

import java.util.Optional;

/** What stands in the way of refusing banned clients in the kernel, before they are accepted. */
final class KernelFilterCheck implements Check {

    private static final int CAP_NET_ADMIN = 12;

    @Override
    public String name() {
        return "kernel filter";
    }

    @Override
    public void look(Scene scene, Findings findings) {
        Optional<Boolean> capability = scene.host()
                .field(scene.proc() + "/status", "CapEff")
                .filter(text -> text.matches("[0-9a-f]{16}"))
                .map(text -> (Long.parseUnsignedLong(text, 16) >> CAP_NET_ADMIN & 1) == 1);
        String has = capability
                .map(there -> there ? ", which this process has" : ", which this process does not have")
                .orElse("");
        findings.ok(
                "unavailable: this version has none, and resets banned clients when they connect. It is never needed for"
                        + " a ban to hold. A version with one will need CAP_NET_ADMIN" + has + ".");
    }
}
