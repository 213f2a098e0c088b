package io.portcullis.server.e2e.kit;

import java.util.List;

/**
 * One request as the application received it.
 *
 * @param body the octets as ISO 8859-1, chunks joined; empty where the behaviour reads the body itself
 * @param connection which of the application's connections, from 1 in the order of accepting
 * @param indexOnConnection which request on that connection, from 1
 * @param size octets on the wire
 */
public record RecordedRequest(
        RawHead head, String body, List<RawField> trailers, int connection, int indexOnConnection, long size) {

    public String method() {
        return head.word(0);
    }

    /** As it stood in the request line. */
    public String target() {
        return head.word(1);
    }

    /** The target without its query. */
    public String path() {
        return pathOf(head);
    }

    static String pathOf(RawHead head) {
        String target = head.word(1);
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
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
