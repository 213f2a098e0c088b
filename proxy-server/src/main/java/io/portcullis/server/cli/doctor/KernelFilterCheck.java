package io.portcullis.server.cli.doctor;

import io.portcullis.core.config.BansConfig;
import io.portcullis.server.admin.KernelFilterStatus;
import java.util.Optional;

/** Whether the loudest of the banned are refused in the kernel, before they are accepted. */
final class KernelFilterCheck implements Check {

    private static final int CAP_NET_ADMIN = 12;

    private static final String HOW_TO =
            "They are refused as they connect, and every ban holds without it. To spend no time"
                    + " on a flood, give the process CAP_NET_ADMIN (AmbientCapabilities= in the unit) or say"
                    + " bans.kernel-filter = off.";

    @Override
    public String name() {
        return "kernel filter";
    }

    @Override
    public void look(Scene scene, Findings findings) {
        Optional<KernelFilterStatus> running = scene.process().flatMap(vitals -> vitals.kernelFilter());
        if (running.isPresent()) {
            findings.ok(
                    switch (running.get().state()) {
                        case ON -> "on: whoever is banned and knocks on is refused in the kernel";
                        case OFF -> "off, as the configuration says";
                        case UNAVAILABLE -> "unavailable: " + running.get().why() + ". " + HOW_TO;
                    });
            return;
        }
        boolean isOff = scene.config()
                .filter(config -> config.bans().kernelFilter() == BansConfig.KernelFilter.OFF)
                .isPresent();
        findings.ok(isOff ? "off, as the configuration says" : capability(scene));
    }

    /** Some kernels ask for none; that only trying tells. */
    private static String capability(Scene scene) {
        boolean has = scene.host()
                .field(scene.proc() + "/status", "CapEff")
                .filter(text -> text.matches("[0-9a-f]{16}"))
                .map(text -> (Long.parseUnsignedLong(text, 16) >> CAP_NET_ADMIN & 1) == 1)
                .orElse(false);
        return has
                ? "possible: a process that runs as this one has CAP_NET_ADMIN"
                : "may be unavailable: a process that runs as this one has no CAP_NET_ADMIN. " + HOW_TO;
    }
}
