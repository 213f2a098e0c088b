package io.portcullis.server.admin;

import java.util.Set;
import java.util.function.Supplier;

/** {@code /v1/status}: how the process is. */
public final class StatusResource implements Resource {

    static final String PATH = "/v1/status";

    private final Supplier<ProcessStatus> process;

    /** @param process as it is when asked; may block for a moment */
    public StatusResource(Supplier<ProcessStatus> process) {
        this.process = process;
    }

    @Override
    public String path() {
        return PATH;
    }

    @Override
    public AdminAnswer answer(AdminRequest request) throws Refusal {
        request.expect("GET", PATH, Set.of());
        ProcessStatus status = process.get();
        return AdminAnswer.json(200, json -> StatusJson.write(status, json));
    }
}
