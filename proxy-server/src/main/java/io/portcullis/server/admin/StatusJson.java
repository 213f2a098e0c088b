package io.portcullis.server.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import io.portcullis.server.admin.ProcessStatus.CertificateStatus;
import io.portcullis.server.admin.ProcessStatus.EndpointStatus;
import io.portcullis.server.admin.ProcessStatus.Identity;
import io.portcullis.server.admin.ProcessStatus.ListenerStatus;
import io.portcullis.server.admin.ProcessStatus.LogStatus;
import io.portcullis.server.admin.ProcessStatus.Occupancy;
import io.portcullis.server.admin.ProcessStatus.StoreStatus;
import java.io.IOException;
import java.util.Optional;

/** How the process is, as JSON; docs/admin-api.md has the fields. */
final class StatusJson {

    private final JsonGenerator json;

    private StatusJson(JsonGenerator json) {
        this.json = json;
    }

    /** One object. */
    static void write(ProcessStatus status, JsonGenerator json) throws IOException {
        StatusJson writer = new StatusJson(json);
        json.writeStartObject();
        json.writeStringField("state", status.draining() ? "draining" : "running");
        AdminJson.writeTexts("problems", status.problems(), json);
        writer.identity(status.identity());
        writer.configuration(status);
        writer.listeners(status);
        json.writeFieldName("kernel_filter");
        VitalsJson.write(status.kernelFilter(), json);
        writer.occupancy("connections", status.connections());
        writer.occupancy("bans", status.bans());
        writer.occupancy("tracked_clients", status.trackedClients());
        writer.store(status.store());
        writer.accessLog(status.accessLog());
        writer.endpoints(status);
        writer.certificates(status);
        json.writeEndObject();
    }

    private void identity(Identity identity) throws IOException {
        json.writeStringField("version", identity.version());
        json.writeNumberField("pid", identity.pid());
        json.writeStringField("started", AdminJson.time(identity.started()));
        json.writeNumberField("uptime_ms", identity.now() - identity.started());
        json.writeStringField("java", identity.java());
        json.writeStringField("transport", identity.transport());
        json.writeStringField("tls_library", identity.tls());
        json.writeNumberField("event_loops", identity.eventLoops());
    }

    private void configuration(ProcessStatus status) throws IOException {
        json.writeObjectFieldStart("configuration");
        text("file", status.configuration().file());
        json.writeStringField("loaded", AdminJson.time(status.configuration().loaded()));
        json.writeNumberField("virtual_hosts", status.configuration().virtualHosts());
        json.writeEndObject();
        json.writeFieldName("last_reload");
        if (status.lastReload().isPresent()) {
            ReloadJson.write(status.lastReload().get(), json);
        } else {
            json.writeNull();
        }
    }

    private void listeners(ProcessStatus status) throws IOException {
        json.writeArrayFieldStart("listeners");
        for (ListenerStatus listener : status.listeners()) {
            json.writeStartObject();
            json.writeStringField("name", listener.name());
            json.writeStringField("address", listener.address());
            json.writeBooleanField("tls", listener.tls());
            json.writeBooleanField("http2", listener.http2());
            json.writeBooleanField("proxy_protocol", listener.proxyProtocol());
            json.writeNumberField("kernel_filter_addresses", listener.inKernel());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void occupancy(String name, Occupancy occupancy) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeNumberField("count", occupancy.count());
        json.writeNumberField("most", occupancy.most());
        json.writeEndObject();
    }

    private void store(StoreStatus store) throws IOException {
        json.writeObjectFieldStart("store");
        json.writeStringField("type", store.path().isPresent() ? "file" : "memory");
        text("path", store.path());
        text("fault", store.fault());
        json.writeNumberField("waiting", store.waiting());
        json.writeEndObject();
    }

    private void accessLog(LogStatus log) throws IOException {
        json.writeObjectFieldStart("access_log");
        text("target", log.target());
        json.writeNumberField("dropped", log.dropped());
        json.writeEndObject();
    }

    private void endpoints(ProcessStatus status) throws IOException {
        json.writeArrayFieldStart("endpoints_out");
        for (EndpointStatus endpoint : status.endpointsOut()) {
            json.writeStartObject();
            json.writeStringField("upstream", endpoint.upstream());
            json.writeStringField("endpoint", endpoint.endpoint());
            json.writeStringField("since", AdminJson.time(endpoint.since()));
            json.writeBooleanField("only", endpoint.isOnly());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void certificates(ProcessStatus status) throws IOException {
        json.writeArrayFieldStart("certificates");
        for (CertificateStatus certificate : status.certificates()) {
            json.writeStartObject();
            json.writeStringField("certificate", certificate.certificate());
            json.writeStringField("until", AdminJson.time(certificate.until()));
            json.writeBooleanField("due", certificate.isDue());
            text("fault", certificate.fault());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void text(String name, Optional<String> text) throws IOException {
        if (text.isPresent()) {
            json.writeStringField(name, text.get());
        } else {
            json.writeNullField(name);
        }
    }
}
