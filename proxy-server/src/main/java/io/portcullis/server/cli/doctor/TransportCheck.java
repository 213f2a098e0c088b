package io.portcullis.server.cli.doctor;

import io.portcullis.server.admin.Vitals;

/** Which transport the process uses, and why not a better one. */
final class TransportCheck implements Check {

    @Override
    public String name() {
        return "transport";
    }

    @Override
    public void look(Scene scene, Findings findings) {
        scene.process().ifPresent(vitals -> look(vitals.engine(), findings));
    }

    private static void look(Vitals.Engine engine, Findings findings) {
        String whyNotEpoll = engine.passedOver().get("epoll");
        String whyNotIoUring = engine.passedOver().get("io_uring");
        if (whyNotEpoll != null) {
            findings.warn(
                    "the transport is nio, since epoll does not load: " + whyNotEpoll,
                    "It works, and costs more. Its library is unpacked to the temporary folder,"
                            + " which must not be mounted noexec: JAVA_OPTS=-Djava.io.tmpdir=DIR.");
        } else if (whyNotIoUring != null) {
            // No warning: most containers forbid it, many hosts do so with good reason, and nothing is missing.
            findings.ok(
                    "the transport is " + engine.transport() + ", since io_uring does not work here: " + whyNotIoUring
                            + ". That works as well and costs a little more. io_uring takes Linux 6.12, sysctl"
                            + " kernel.io_uring_disabled=0, and in a container a seccomp profile that lets io_uring_setup,"
                            + " io_uring_enter and io_uring_register pass (Docker's own does not)");
        } else {
            findings.ok("the transport is " + engine.transport());
        }
    }
}
