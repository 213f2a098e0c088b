package io.portcullis.server.cli.doctor;

import io.portcullis.core.config.ConfigProblem;
import io.portcullis.core.config.ConfigWarning;
import io.portcullis.server.config.LoadResult;

/** Whether the configuration would be taken; certificates that end soon or are not readable are among its findings. */
final class ConfigurationCheck implements Check {

    @Override
    public String name() {
        return "configuration";
    }

    @Override
    public void look(Scene scene, Findings findings) {
        if (scene.loaded() instanceof LoadResult.Refused refused) {
            for (ConfigProblem problem : refused.problems()) {
                findings.problem(
                        problem.toString(),
                        "Correct it, then: portcullis check. Until then a reload is refused and a start fails.");
            }
        } else if (scene.loaded() instanceof LoadResult.Loaded loaded) {
            for (ConfigWarning warning : loaded.warnings()) {
                findings.warn(warning.toString(), "See docs/configuration.md for the key.");
            }
            if (findings.isEmpty()) {
                findings.ok(scene.configFile() + " is valid");
            }
        }
    }
}
