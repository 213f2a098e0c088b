package io.portcullis.server.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.portcullis.core.config.ConfigFinding;
import io.portcullis.core.config.ConfigProblem;
import io.portcullis.core.config.ConfigWarning;
import io.portcullis.core.config.JailConfig;
import io.portcullis.core.config.ListenerConfig;
import io.portcullis.core.config.PortcullisConfig;
import io.portcullis.core.config.VirtualHostConfig;
import io.portcullis.server.admin.AdminJson;
import io.portcullis.server.config.LoadResult;
import java.io.IOException;
import java.nio.file.Path;

/** What {@code check --json} says: of a valid configuration what is in it, of another every problem. */
final class CheckJson {

    private CheckJson() {}

    static void write(Path file, LoadResult result, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("file", file.toString());
        json.writeBooleanField("valid", result instanceof LoadResult.Loaded);
        json.writeArrayFieldStart("problems");
        if (result instanceof LoadResult.Refused refused) {
            for (ConfigProblem problem : refused.problems()) {
                place(problem, json);
            }
        }
        json.writeEndArray();
        if (result instanceof LoadResult.Loaded loaded) {
            json.writeArrayFieldStart("warnings");
            for (ConfigWarning warning : loaded.warnings()) {
                place(warning, json);
            }
            json.writeEndArray();
            summary(loaded.config(), json);
        }
        json.writeEndObject();
    }

    private static void place(ConfigFinding finding, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("file", finding.file());
        json.writeNumberField("line", finding.line());
        json.writeStringField("path", finding.path());
        json.writeStringField("message", finding.message());
        json.writeEndObject();
    }

    private static void summary(PortcullisConfig config, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("listeners");
        for (ListenerConfig listener : config.listeners()) {
            json.writeStartObject();
            json.writeStringField("name", listener.name());
            json.writeStringField("address", CheckCommand.address(listener));
            json.writeBooleanField("tls", listener.tls().isPresent());
            json.writeBooleanField("http2", listener.http2());
            json.writeBooleanField("proxy_protocol", listener.proxyProtocol());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("hosts");
        for (VirtualHostConfig host : config.virtualHosts()) {
            json.writeStartObject();
            json.writeStringField("name", host.name());
            AdminJson.writeTexts("server_names", host.serverNames(), json);
            AdminJson.writeTexts("listeners", host.listeners(), json);
            AdminJson.writeTexts(
                    "jails", host.jails().stream().map(JailConfig::name).toList(), json);
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
