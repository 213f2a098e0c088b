package io.portcullis.server.cli.doctor;

import io.portcullis.server.admin.Vitals;
import java.util.Optional;

/** Whether the clock is right: bans, certificates and logs go by it. */
final class ClockCheck implements Check {

    /** More than asking takes. */
    private static final long APART_MILLIS = 5_000;

    private static final String SYNCHRONIZED = "NTPSynchronized=";

    @Override
    public String name() {
        return "clock";
    }

    @Override
    public void look(Scene scene, Findings findings) {
        scene.process().map(Vitals::now).ifPresent(now -> {
            long apart = Math.abs(scene.clock().millis() - now);
            if (apart > APART_MILLIS) {
                findings.warn(
                        "the process's clock and the system's are " + apart / 1_000
                                + " s apart: the system's was set while the process ran",
                        "Bans end by the process's clock, which does not jump; a restart takes the system's.");
            }
        });
        Optional<String> said = scene.host().said("timedatectl", "show", "--property=NTPSynchronized");
        if (said.filter((SYNCHRONIZED + "no")::equals).isPresent()) {
            findings.warn(
                    "the system's clock is not synchronised",
                    "Install chrony or enable systemd-timesyncd: certificates, until-times and logs go by it.");
        }
        if (findings.isEmpty()) {
            findings.ok(
                    said.filter((SYNCHRONIZED + "yes")::equals).isPresent()
                            ? "the clock is synchronised"
                            : "nothing speaks against the clock; whether it is synchronised cannot be told here");
        }
    }
}
