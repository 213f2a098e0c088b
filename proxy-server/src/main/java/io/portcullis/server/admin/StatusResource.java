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
        if (!request.below(PATH).isEmpty()) {
            throw new Refusal(404, "nothing is at " + request.path(), PATH);
        }
        if (!request.method().equals("GET")) {
            throw AdminApi.noSuchMethod(request, "GET");
        }
        request.knowsOnly(Set.of());
        ProcessStatus status = process.get();
        return AdminAnswer.json(200, json -> StatusJson.write(status, json));
    }
}
