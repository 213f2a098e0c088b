package io.portcullis.server.admin;

import java.util.Set;

/** Puts the configuration into force as its files have it now: {@code POST /v1/reload}. */
public final class ReloadResource implements Resource {

    private static final String PATH = "/v1/reload";
    private static final int APPLIED = 200;
    /** What was asked for is understood and cannot be done: the files are at fault, and not the request. */
    private static final int REFUSED = 422;

    private final Reloading process;

    public ReloadResource(Reloading process) {
        this.process = process;
    }

    @Override
    public String path() {
        return PATH;
    }

    /** Blocks until the configuration is in force or refused. */
    @Override
    public AdminAnswer answer(AdminRequest request) throws Refusal {
        request.expect("POST", PATH, Set.of());
        ReloadReport report = process.reload();
        return AdminAnswer.json(report.isApplied() ? APPLIED : REFUSED, json -> ReloadJson.write(report, json));
    }
}
