package io.portcullis.server.admin;

import java.util.Set;
import java.util.function.Supplier;

/** {@code /v1/doctor}: what {@code portcullis doctor} cannot see of the process from outside. */
public final class DoctorResource implements Resource {

    /** Where it is. */
    public static final String PATH = "/v1/doctor";

    private final Supplier<Vitals> process;

    /** @param process may block */
    public DoctorResource(Supplier<Vitals> process) {
        this.process = process;
    }

    @Override
    public String path() {
        return PATH;
    }

    @Override
    public AdminAnswer answer(AdminRequest request) throws Refusal {
        request.expect("GET", PATH, Set.of());
        Vitals vitals = process.get();
        return AdminAnswer.json(200, json -> VitalsJson.write(vitals, json));
    }
}
