package io.portcullis.server.e2e.kit;

import java.util.List;

/**
 * One answer as the client received it.
 *
 * @param body the octets as ISO 8859-1, chunks joined
 * @param whole false where the connection ended before the framing said so
 */
public record RawResponse(RawHead head, String body, List<RawField> trailers, boolean whole) {

    public int status() {
        return Integer.parseInt(head.word(1));
    }

    public List<String> values(String name) {
        return head.values(name);
    }

    public String value(String name) {
        return head.value(name);
    }

    public boolean has(String name) {
        return head.has(name);
    }
}
