package io.portcullis.server.admin;

/** {@code /v1/drain}: the process that has begun to take over serves now, and this one is to end in its own time. */
public final class DrainResource implements Resource {

    public static final String PATH = "/v1/drain";

    private final Handover handover;

    public DrainResource(Handover handover) {
        this.handover = handover;
    }

    @Override
    public String path() {
        return PATH;
    }

    @Override
    public AdminAnswer answer(AdminRequest request) throws Refusal {
        handover.depart(TakeOverResource.successor(request, PATH));
        return AdminAnswer.json(200, json -> {
            json.writeStartObject();
            json.writeNumberField("pid", ProcessHandle.current().pid());
            json.writeEndObject();
        });
    }
}
