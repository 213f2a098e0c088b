package io.portcullis.server.admin;

import java.util.Set;

/** {@code /v1/upgrade}: has this process start its own successor, and answers when that one has taken over. */
public final class UpgradeResource implements Resource {

    public static final String PATH = "/v1/upgrade";

    private final Upgrade upgrade;

    /** Starts the successor. */
    public interface Upgrade {
        /**
         * Blocks until the successor has taken over.
         *
         * @return its process id
         * @throws Refusal if it could not be started or did not take over; this process goes on
         */
        long start() throws Refusal;
    }

    public UpgradeResource(Upgrade upgrade) {
        this.upgrade = upgrade;
    }

    @Override
    public String path() {
        return PATH;
    }

    @Override
    public AdminAnswer answer(AdminRequest request) throws Refusal {
        request.expect("POST", PATH, Set.of());
        long successor = upgrade.start();
        return AdminAnswer.json(200, json -> {
            json.writeStartObject();
            json.writeNumberField("pid", successor);
            json.writeNumberField("predecessor", ProcessHandle.current().pid());
            json.writeEndObject();
        });
    }
}
