package io.portcullis.server.cli.doctor;

/** Whether the kernel's own bounds on connections are too low. */
final class KernelLimitsCheck implements Check {

    /** The listeners' backlog. */
    private static final int BACKLOG = 4096;

    private static final String SOMAXCONN = "proc/sys/net/core/somaxconn";
    private static final String TRACKED = "proc/sys/net/netfilter/nf_conntrack_count";
    private static final String TRACKED_MAX = "proc/sys/net/netfilter/nf_conntrack_max";
    /** In percent. */
    private static final int NEARLY_FULL = 80;

    @Override
    public String name() {
        return "kernel limits";
    }

    @Override
    public void look(Scene scene, Findings findings) {
        Host host = scene.host();
        host.number(SOMAXCONN)
                .filter(most -> most < BACKLOG)
                .ifPresent(most -> findings.warn(
                        "net.core.somaxconn is " + most
                                + ": in a rush of clients more than that are dropped while they wait",
                        "sysctl -w net.core.somaxconn=" + BACKLOG + ", and a file in /etc/sysctl.d to keep it."));
        host.number(TRACKED)
                .ifPresent(tracked -> host.number(TRACKED_MAX)
                        .filter(most -> tracked > most / 100 * NEARLY_FULL)
                        .ifPresent(most -> findings.problem(
                                "the firewall tracks " + tracked + " connections of " + most
                                        + " at most: new ones are about to" + " be dropped",
                                "sysctl -w net.netfilter.nf_conntrack_max=" + most * 4 + ".")));
        if (findings.isEmpty()) {
            findings.ok("somaxconn and connection tracking leave room");
        }
    }
}
