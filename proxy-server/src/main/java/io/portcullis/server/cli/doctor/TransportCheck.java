package io.portcullis.server.cli.doctor;

/** Which transport the process uses, and why not the better one. */
final class TransportCheck implements Check {

    @Override
    public String name() {
        return "transport";
    }

    @Override
    public void look(Scene scene, Findings findings) {
        scene.process()
                .map(vitals -> vitals.engine())
                .ifPresent(engine -> engine.whyNotEpoll()
                        .ifPresentOrElse(
                                why -> findings.warn(
                                        "the transport is nio, since epoll does not load: " + why,
                                        "It works, and costs more. Its library is unpacked to the temporary folder,"
                                                + " which must not be mounted noexec: JAVA_OPTS=-Djava.io.tmpdir=DIR."),
                                () -> findings.ok("the transport is " + engine.transport())));
    }
}
