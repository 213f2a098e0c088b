package io.portcullis.server.admin;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How the running process is, at one moment: what it is, what it serves, how full it is, and what is wrong. Times are in
 * milliseconds since the epoch. As many components as an operator has questions.
 *
 * @param draining whether nothing new is accepted
 * @param lastReload empty where there has been none
 * @param endpointsOut those that failed, and have not answered since
 * @param certificates those that expire within 30 days, have, or cannot be replaced by what is in their files
 */
public record ProcessStatus(
        Identity identity,
        Configuration configuration,
        Optional<ReloadReport> lastReload,
        boolean draining,
        List<ListenerStatus> listeners,
        KernelFilterStatus kernelFilter,
        Occupancy connections,
        Occupancy bans,
        Occupancy trackedClients,
        StoreStatus store,
        LogStatus accessLog,
        List<EndpointStatus> endpointsOut,
        List<CertificateStatus> certificates) {

    public ProcessStatus {
        listeners = List.copyOf(listeners);
        endpointsOut = List.copyOf(endpointsOut);
        certificates = List.copyOf(certificates);
    }

    /**
     * What runs.
     *
     * @param started when the JVM was
     * @param now when this was asked
     */
    public record Identity(
            String version,
            long pid,
            long started,
            long now,
            String java,
            String transport,
            String tls,
            int eventLoops) {}

    /**
     * What it runs by.
     *
     * @param file the main file; empty where there is none
     * @param loaded when the one in force was put into force
     */
    public record Configuration(Optional<String> file, long loaded, int virtualHosts) {}

    /**
     * @param address where it really listens
     * @param inKernel how many addresses and prefixes the kernel refuses there
     */
    public record ListenerStatus(
            String name, String address, boolean tls, boolean http2, boolean proxyProtocol, int inKernel) {}

    /** @param most as many as there may be */
    public record Occupancy(int count, int most) {

        boolean isFull() {
            return count >= most;
        }

        boolean isNearlyFull() {
            return count >= most * 0.9;
        }
    }

    /**
     * Where bans outlive the process.
     *
     * @param path empty for a store in memory
     * @param fault why it cannot be used now
     * @param waiting changes that are not written yet
     */
    public record StoreStatus(Optional<String> path, Optional<String> fault, int waiting) {}

    /**
     * Where exchanges are written.
     *
     * @param target a path, or a word for where else; empty for nowhere
     * @param dropped records that found no place since the start
     */
    public record LogStatus(Optional<String> target, long dropped) {}

    /** @param isOnly whether the upstream has no other, so that it is tried all the same */
    public record EndpointStatus(String upstream, String endpoint, long since, boolean isOnly) {}

    /**
     * A certificate that somebody has to look after.
     *
     * @param until when what is served expires
     * @param isDue whether it should have been renewed by now
     * @param fault why what is in its files now cannot be served
     */
    public record CertificateStatus(String certificate, long until, boolean isDue, Optional<String> fault) {}

    /** What is wrong, in words, the gravest first; nothing where all is well. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (draining) {
            problems.add("draining: nothing new is accepted; connections still open: " + connections.count());
        }
        endpointsOut.forEach(out -> problems.add("endpoint " + out.endpoint() + " of " + out.upstream()
                + (out.isOnly() ? ", its only one, has failed since " : " is out since ")
                + AdminJson.time(out.since())));
        certificates.forEach(certificate -> problem(certificate, problems));
        store.fault().ifPresent(fault -> problems.add("bans are in memory alone: " + fault));
        lastReload.ifPresent(report -> problems(report, problems));
        if (connections.isNearlyFull()) {
            problems.add(connections.count() + " connections are open, of " + connections.most()
                    + " (limits.max-connections)");
        }
        if (bans.isFull()) {
            problems.add("as many bans are in force as may be (bans.max-bans, " + bans.most()
                    + "): those that end soonest are given up");
        }
        if (accessLog.dropped() > 0) {
            problems.add(accessLog.dropped() + " access log records were dropped since the start");
        }
        return problems;
    }

    private void problem(CertificateStatus certificate, List<String> problems) {
        if (certificate.until() <= identity.now()) {
            problems.add("certificate " + certificate.certificate() + " has expired at "
                    + AdminJson.time(certificate.until()));
        } else if (certificate.isDue()) {
            problems.add("certificate " + certificate.certificate() + " expires at "
                    + AdminJson.time(certificate.until()) + ", and should have been renewed");
        }
        certificate
                .fault()
                .ifPresent(fault ->
                        problems.add("certificate " + certificate.certificate() + " cannot be replaced: " + fault));
    }

    private static void problems(ReloadReport report, List<String> problems) {
        if (!report.isApplied()) {
            problems.add("the reload at " + AdminJson.time(report.at())
                    + " was refused, and the configuration before it goes on: "
                    + report.problems().get(0)
                    + (report.problems().size() == 1
                            ? ""
                            : " and " + (report.problems().size() - 1) + " more"));
        }
        if (!report.changes().needsRestart().isEmpty()) {
            problems.add("changed in the configuration, and not in force before a restart: "
                    + String.join(", ", report.changes().needsRestart()));
        }
    }
}
