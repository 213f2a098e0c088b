package io.portcullis.server.admin;

/** Why a request to the admin API is not done, as its answer says it. */
public final class Refusal extends Exception {

    private static final long serialVersionUID = 1;

    private final int status;
    private final String expected;

    /**
     * @param error what is wrong, with the value
     * @param expected what would be right
     */
    Refusal(int status, String error, String expected) {
        super(error, null, false, false);
        this.status = status;
        this.expected = expected;
    }

    static Refusal badRequest(String error, String expected) {
        return new Refusal(400, error, expected);
    }

    int status() {
        return status;
    }

    String error() {
        return String.valueOf(getMessage());
    }

    String expected() {
        return expected;
    }

    AdminAnswer answer() {
        return AdminAnswer.json(status, json -> {
            json.writeStartObject();
            json.writeStringField("error", error());
            json.writeStringField("expected", expected);
            json.writeEndObject();
        });
    }
}
