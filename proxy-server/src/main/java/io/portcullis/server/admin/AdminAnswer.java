package io.portcullis.server.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;

/**
 * What a resource answers.
 *
 * @param body written once, whatever happens, when the head is decided, on a thread that may block
 */
public record AdminAnswer(int status, String contentType, Body body) {

    /**
     * Writes as it goes, so that a long answer is never in memory whole; {@link OutputStream#flush} sends what there is,
     * and throws where nobody takes it any more.
     */
    interface Body {
        void writeTo(OutputStream out) throws IOException;
    }

    /** One JSON document. */
    interface Json {
        void writeTo(JsonGenerator json) throws IOException;
    }

    static AdminAnswer json(int status, Json document) {
        return new AdminAnswer(status, AdminJson.CONTENT_TYPE, out -> {
            try (JsonGenerator json = AdminJson.writer(out)) {
                document.writeTo(json);
                json.writeRaw('\n');
            }
        });
    }
}
