package io.portcullis.server.cli.doctor;

/** Whether the access log can be written. */
final class AccessLogCheck implements Check {

    @Override
    public String name() {
        return "access log";
    }

    @Override
    public void look(Scene scene, Findings findings) {
        scene.config().flatMap(config -> config.log().access()).ifPresent(file -> {
            Folders.whyNotWritable(file)
                    .ifPresent(why -> findings.problem(
                            "exchanges cannot be logged to " + file + ": " + why,
                            "Give it to the user that Portcullis runs as, or choose another log.access."));
            Folders.nearlyFull(file)
                    .ifPresent(why -> findings.warn(why, "Rotate the logs; lines that do not fit are lost."));
            if (findings.isEmpty()) {
                findings.ok("exchanges can be logged to " + file);
            }
        });
    }
}
