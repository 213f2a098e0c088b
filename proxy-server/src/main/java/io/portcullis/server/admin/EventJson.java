package io.portcullis.server.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import io.portcullis.server.observe.Event;
import io.portcullis.server.observe.Events;
import java.io.IOException;

/** What happened, as JSON; docs/admin-api.md has the fields. A ban is one that {@link BanJson#read} takes. */
final class EventJson {

    private EventJson() {}

    /** One object. */
    static void write(Events.Told told, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("time", AdminJson.time(told.millis()));
        writeMembers(told.event(), json);
        json.writeEndObject();
    }

    private static void writeMembers(Event event, JsonGenerator json) throws IOException {
        if (event instanceof Event.Banned banned) {
            BanJson.writeMembers(banned.ban(), json);
            BanJson.writeGrounds(banned.ban().grounds(), json);
        } else if (event instanceof Event.Unbanned unbanned) {
            BanJson.writeMembers(unbanned.ban(), json);
        } else if (event instanceof Event.Reloaded reloaded) {
            json.writeBooleanField("applied", reloaded.applied());
            AdminJson.writeTexts("problems", reloaded.problems(), json);
        } else if (event instanceof Event.EndpointOut out) {
            writeEndpoint(out.upstream(), out.endpoint(), json);
            json.writeStringField("reason", out.reason());
        } else if (event instanceof Event.EndpointBack back) {
            writeEndpoint(back.upstream(), back.endpoint(), json);
        } else if (event instanceof Event.CertificateReplaced replaced) {
            json.writeStringField("certificate", replaced.certificate());
            json.writeStringField("until", AdminJson.time(replaced.until().toEpochMilli()));
        } else if (event instanceof Event.CertificateFailing failing) {
            json.writeStringField("certificate", failing.certificate());
            json.writeStringField("reason", failing.reason());
        } else if (event instanceof Event.StoreFailing failing) {
            json.writeStringField("reason", failing.reason());
        }
    }

    private static void writeEndpoint(String upstream, String endpoint, JsonGenerator json) throws IOException {
        json.writeStringField("upstream", upstream);
        json.writeStringField("endpoint", endpoint);
    }
}
