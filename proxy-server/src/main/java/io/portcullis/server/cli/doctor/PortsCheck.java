package io.portcullis.server.cli.doctor;

import io.portcullis.core.config.ListenerConfig;
import java.util.Locale;

/** Whether the listeners' ports can be had, where no process of ours holds them. */
final class PortsCheck implements Check {

    private static final String UNPRIVILEGED = "proc/sys/net/ipv4/ip_unprivileged_port_start";
    private static final int USUAL_START = 1024;

    @Override
    public String name() {
        return "ports";
    }

    @Override
    public void look(Scene scene, Findings findings) {
        if (scene.process().isPresent()) {
            findings.ok("the running process holds its ports");
            return;
        }
        scene.config().ifPresent(config -> {
            config.listeners().forEach(listener -> look(scene.host(), listener, findings));
            if (findings.isEmpty()) {
                findings.ok("every listener's port is free and may be bound");
            }
        });
    }

    private static void look(Host host, ListenerConfig listener, Findings findings) {
        host.whyNotBindable(listener.address().toInetAddress(), listener.port()).ifPresent(why -> {
            long start = host.number(UNPRIVILEGED).orElse((long) USUAL_START);
            boolean isPermission = why.toLowerCase(Locale.ROOT).contains("permission");
            findings.problem(
                    "listener " + listener.name() + " cannot bind port " + listener.port() + ": " + why,
                    isPermission
                            ? "Ports below " + start + " need root, CAP_NET_BIND_SERVICE (the systemd unit has it in"
                                    + " AmbientCapabilities), or sysctl net.ipv4.ip_unprivileged_port_start="
                                    + listener.port() + "."
                            : "Find who has it: ss -ltnp 'sport = :" + listener.port() + "'. Stop it or choose another"
                                    + " port in listeners." + listener.name() + ".bind.");
        });
    }
}
