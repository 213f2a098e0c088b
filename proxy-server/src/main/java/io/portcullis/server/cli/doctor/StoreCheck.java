package io.portcullis.server.cli.doctor;

import io.portcullis.core.config.BansConfig;
import java.nio.file.Path;
import java.util.Optional;

/** Whether bans outlive the process. */
final class StoreCheck implements Check {

    @Override
    public String name() {
        return "ban store";
    }

    @Override
    public void look(Scene scene, Findings findings) {
        scene.config().ifPresent(config -> {
            if (config.bans().store() instanceof BansConfig.Store.InFile file) {
                look(file.path(), findings);
            } else {
                findings.warn(
                        "bans are kept in memory only: a restart forgets them",
                        "bans.store { type = file, path = \"../data/bans\" } keeps them.");
            }
        });
    }

    private static void look(Path file, Findings findings) {
        Optional<String> fault = Folders.whyNotWritable(file);
        Optional<String> full = Folders.nearlyFull(file);
        fault.ifPresent(why -> findings.problem(
                "bans cannot be kept: " + why,
                "Give the folder to the user that Portcullis runs as. Until then bans are in force, and a restart"
                        + " forgets them."));
        full.ifPresent(
                why -> findings.warn(why, "Make room: what does not fit is kept in memory until there is some."));
        if (findings.isEmpty()) {
            findings.ok("bans can be kept at " + file);
        }
    }
}
