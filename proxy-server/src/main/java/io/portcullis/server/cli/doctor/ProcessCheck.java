package io.portcullis.server.cli.doctor;

import java.time.Instant;

/** Whether a process runs and answers. */
final class ProcessCheck implements Check {

    @Override
    public String name() {
        return "process";
    }

    @Override
    public void look(Scene scene, Findings findings) {
        scene.process()
                .ifPresentOrElse(
                        vitals -> findings.ok("process " + vitals.pid() + " answers; it runs since "
                                + Instant.ofEpochMilli(vitals.started()) + " and has " + vitals.connections()
                                + " connections open"),
                        () -> findings.warn(
                                "no running process was asked: " + scene.silence(),
                                "What follows is said of this machine and the configuration alone. If it should run:"
                                        + " systemctl status portcullis, or portcullis run."));
    }
}
