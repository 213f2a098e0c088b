package io.portcullis.server.http2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;

/** Field sections as the HPACK decoder gives them: octets, in the order in which they came. */
final class Sections {

    static final SectionLimits LIMITS = new SectionLimits(16 * 1024, 100);

    private Sections() {}

    /** @param namesAndValues by turns */
    static Http2Headers of(String... namesAndValues) {
        return with(LIMITS, namesAndValues);
    }

    static Http2Headers with(SectionLimits limits, String... namesAndValues) {
        FieldSection section = new FieldSection(limits);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            section.add(octets(namesAndValues[i]), octets(namesAndValues[i + 1]));
        }
        return section;
    }

    /** A request for {@code /} of {@code a.example}, and the fields. */
    static Http2Headers get(String... namesAndValues) {
        String[] all = new String[8 + namesAndValues.length];
        String[] head = {":method", "GET", ":scheme", "https", ":authority", "a.example", ":path", "/"};
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(namesAndValues, 0, all, head.length, namesAndValues.length);
        return of(all);
    }

    static AsciiString octets(String text) {
        return new AsciiString(text.getBytes(ISO_8859_1), false);
    }
}
