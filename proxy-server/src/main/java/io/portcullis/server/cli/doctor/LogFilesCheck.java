package io.portcullis.server.cli.doctor;

import java.nio.file.Path;
import java.util.List;

/** Whether the logs' files can be written. */
final class LogFilesCheck implements Check {

    @Override
    public String name() {
        return "logs";
    }

    @Override
    public void look(Scene scene, Findings findings) {
        List<Path> files = scene.config().map(config -> config.log().files()).orElse(List.of());
        for (Path file : files) {
            Folders.whyNotWritable(file)
                    .ifPresent(why -> findings.problem(
                            "a log cannot be written: " + why,
                            "Give it to the user that Portcullis runs as, or choose another log.access or log.bans."));
            Folders.nearlyFull(file)
                    .ifPresent(why -> findings.warn(why, "Rotate the logs; lines that do not fit are lost."));
        }
        if (findings.isEmpty() && !files.isEmpty()) {
            findings.ok("the logs can be written");
        }
    }
}
