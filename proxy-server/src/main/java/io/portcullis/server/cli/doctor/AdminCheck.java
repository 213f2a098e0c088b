package io.portcullis.server.cli.doctor;

/** Whether the admin API is kept on the machine: it is plain HTTP. */
final class AdminCheck implements Check {

    @Override
    public String name() {
        return "admin API";
    }

    @Override
    public void look(Scene scene, Findings findings) {
        scene.config()
                .ifPresent(config -> config.admin()
                        .bind()
                        .ifPresentOrElse(
                                bind -> {
                                    if (bind.address().toInetAddress().isLoopbackAddress()) {
                                        findings.ok("on loopback only: " + bind);
                                    } else {
                                        findings.warn(
                                                "admin.bind = " + bind + " can be reached from other machines, and its"
                                                        + " token goes over the network in the clear",
                                                "Bind it to 127.0.0.1 and come through ssh -L, or keep the port to a"
                                                        + " network of your own.");
                                    }
                                },
                                () -> findings.warn(
                                        "admin.bind = off: bans, ban, unban, why, status and reload cannot be used",
                                        "admin { bind = \"127.0.0.1:9900\" }, unless that is meant.")));
    }
}
