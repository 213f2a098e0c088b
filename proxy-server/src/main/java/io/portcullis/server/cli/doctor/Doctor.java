package io.portcullis.server.cli.doctor;

import java.util.ArrayList;
import java.util.List;

/** All that is looked at, in the order in which it is told. */
public final class Doctor {

    private static final List<Check> CHECKS = List.of(
            new ConfigurationCheck(),
            new ProcessCheck(),
            new ClientsCheck(),
            new TrustCheck(),
            new PortsCheck(),
            new EndpointsCheck(),
            new FileLimitCheck(),
            new StoreCheck(),
            new AccessLogCheck(),
            new SecretFilesCheck(),
            new AdminCheck(),
            new ClockCheck(),
            new MemoryCheck(),
            new KernelLimitsCheck(),
            new TransportCheck(),
            new KernelFilterCheck());

    private Doctor() {}

    /** Looks at everything; a check that has nothing to say of this scene says nothing. */
    public static List<Finding> examine(Scene scene) {
        List<Finding> all = new ArrayList<>();
        for (Check check : CHECKS) {
            Findings findings = new Findings(check.name());
            check.look(scene, findings);
            all.addAll(findings.found());
        }
        return all;
    }
}
