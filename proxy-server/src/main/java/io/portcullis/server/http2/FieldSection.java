package io.portcullis.server.http2;

import io.netty.handler.codec.EmptyHeaders;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A field section as it comes out of the HPACK decoder, checked field by field and brought into HTTP/1's form at once.
 *
 * <p>What an attacker sends as HTTP/2 and an application reads as HTTP/1.1 is checked here: a line end in a name or a
 * value, {@code transfer-encoding}, a second content-length, a host beside the authority ("HTTP/2: The Sequel is Always
 * Worse", 2021). Netty's own header checks run in the frame reader, where a fault ends the stream before anybody has
 * seen a request, so that neither the access log nor a jail would know of it; and its header map puts pseudo-headers
 * first, whatever their order was. Here the first fault is kept, nothing more is stored, and {@link Http2Fields} throws
 * it when the section is asked for.
 *
 * <p>It is an {@link Http2Headers} for Netty's decoder alone, which only adds to it.
 */
final class FieldSection extends EmptyHeaders<CharSequence, CharSequence, Http2Headers> implements Http2Headers {

    /** The length of a message of which nothing says it. */
    static final long NO_LENGTH = -1;

    private static final HttpHeadersFactory HEADERS =
            DefaultHttpHeadersFactory.headersFactory().withValidation(false);

    /** What RFC 9113 section 6.5.2 adds for each field. */
    private static final int FIELD_OVERHEAD = 32;

    private static final int MAX_LENGTH_DIGITS = 18;

    private final SectionLimits limits;
    private final HttpHeaders fields;

    private long size;
    private int count;
    private @Nullable MalformedSection fault;

    private @Nullable AsciiString method;
    private @Nullable AsciiString scheme;
    private @Nullable AsciiString authority;
    private @Nullable AsciiString path;
    private @Nullable AsciiString protocol;
    private @Nullable AsciiString status;
    private boolean begun;

    private @Nullable AsciiString host;
    private @Nullable CharSequence cookie;
    private long contentLength = NO_LENGTH;

    FieldSection(SectionLimits limits) {
        this(limits, HEADERS.newHeaders());
    }

    /** @param fields empty, and filled here with what has been checked */
    FieldSection(SectionLimits limits, HttpHeaders fields) {
        this.limits = limits;
        this.fields = fields;
    }

    /** The section itself where the decoder of this package made it, else a checked copy. */
    static FieldSection of(Http2Headers section) {
        if (section instanceof FieldSection checked) {
            return checked;
        }
        FieldSection copy = new FieldSection(new SectionLimits(Integer.MAX_VALUE, Integer.MAX_VALUE));
        for (Map.Entry<CharSequence, CharSequence> field : section) {
            copy.add(field.getKey(), field.getValue());
        }
        return copy;
    }

    @Override
    public Http2Headers add(CharSequence name, CharSequence value) {
        size += name.length() + value.length() + FIELD_OVERHEAD;
        if (fault != null) {
            return this; // an HPACK bomb refers to one large field again and again: it is counted, and stored no more
        }
        if (size > limits.maxSize()) {
            fault = new MalformedSection("header section larger than " + limits.maxSize() + " bytes", true);
            return this;
        }
        String problem = take(AsciiString.of(name), AsciiString.of(value));
        if (problem != null) {
            fault = new MalformedSection(problem, false);
        } else if (count > limits.maxFields()) {
            fault = new MalformedSection("more than " + limits.maxFields() + " header fields", true);
        }
        return this;
    }

    /** Takes one field in; the return value is what is wrong with it, or null. */
    private @Nullable String take(AsciiString name, AsciiString value) {
        if (!name.isEmpty() && name.byteAt(0) == ':') {
            return takePseudo(name, value);
        }
        begun = true;
        if (!FieldOctets.isName(name)) {
            return "malformed field name";
        }
        if (!FieldOctets.isValue(value)) {
            return "control character or outer blank in a field value";
        }
        String problem = takeSpecial(name, value);
        if (problem == null && !isTakenElsewhere(name)) {
            count++;
            fields.add(name, value);
        }
        return problem;
    }

    /** The crumbs of a cookie are joined, and the authority has been taken for Host. */
    private boolean isTakenElsewhere(AsciiString name) {
        return is(name, HttpHeaderNames.COOKIE) || (authority != null && is(name, HttpHeaderNames.HOST));
    }

    /** RFC 9113 section 8.3: those known, each once, before all others, and never empty (8.3.1). */
    private @Nullable String takePseudo(AsciiString name, AsciiString value) {
        if (begun) {
            return "pseudo-header after another field";
        }
        if (value.isEmpty() || !FieldOctets.isValue(value)) {
            return "malformed pseudo-header";
        }
        AsciiString before;
        switch (name.toString()) {
            case ":method" -> {
                before = method;
                method = value;
            }
            case ":scheme" -> {
                before = scheme;
                scheme = value;
            }
            case ":authority" -> {
                before = authority;
                authority = value;
                fields.add(HttpHeaderNames.HOST, value); // the first field, as RFC 9110 section 7.2 has it
            }
            case ":path" -> {
                before = path;
                path = value;
            }
            case ":protocol" -> {
                before = protocol;
                protocol = value;
            }
            case ":status" -> {
                before = status;
                status = value;
            }
            default -> {
                return "unknown pseudo-header";
            }
        }
        return before == null ? null : "pseudo-header twice";
    }

    /** Looks at what frames, routes, or means something only for HTTP/1's connections (RFC 9113 section 8.2.2). */
    private @Nullable String takeSpecial(AsciiString name, AsciiString value) {
        boolean forbidden = false;
        switch (name.length()) {
            case 2 -> forbidden = is(name, HttpHeaderNames.TE) && !value.contentEqualsIgnoreCase("trailers");
            case 4 -> {
                if (is(name, HttpHeaderNames.HOST)) {
                    boolean twice = host != null;
                    host = value;
                    return twice ? "more than one host" : null;
                }
            }
            case 6 -> {
                if (is(name, HttpHeaderNames.COOKIE)) {
                    takeCookie(value);
                }
            }
            case 7 -> forbidden = is(name, HttpHeaderNames.UPGRADE);
            case 10 -> forbidden = is(name, HttpHeaderNames.CONNECTION) || name.contentEquals("keep-alive");
            case 14 -> {
                if (is(name, HttpHeaderNames.CONTENT_LENGTH)) {
                    return takeLength(value);
                }
            }
            case 16 -> forbidden = name.contentEquals("proxy-connection");
            case 17 -> forbidden = is(name, HttpHeaderNames.TRANSFER_ENCODING);
            default -> {}
        }
        return forbidden ? "connection-specific field" : null;
    }

    /** RFC 9113 section 8.2.3: the crumbs are one field again before anybody else sees them. */
    private void takeCookie(AsciiString crumb) {
        CharSequence before = cookie;
        if (before == null) {
            count++;
            cookie = crumb;
        } else if (before instanceof StringBuilder joined) {
            joined.append("; ").append(crumb);
        } else {
            StringBuilder joined = new StringBuilder(before);
            joined.append("; ").append(crumb);
            cookie = joined;
        }
    }

    private @Nullable String takeLength(AsciiString value) {
        if (contentLength != NO_LENGTH) {
            return "more than one content-length"; // as over HTTP/1.1: no honest client sends two
        }
        if (value.isEmpty() || value.length() > MAX_LENGTH_DIGITS) {
            return "malformed content-length";
        }
        long length = 0;
        for (int i = 0; i < value.length(); i++) {
            int digit = value.byteAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return "malformed content-length";
            }
            length = length * 10 + digit;
        }
        contentLength = length;
        return null;
    }

    private static boolean is(AsciiString name, AsciiString known) {
        return name.contentEquals(known);
    }

    // What came

    /**
     * The fields without pseudo-headers, in HTTP/1's form.
     *
     * @throws MalformedSection the first fault of the section
     */
    HttpHeaders fields() throws MalformedSection {
        if (fault != null) {
            throw fault;
        }
        CharSequence crumbs = cookie;
        if (crumbs != null) {
            cookie = null;
            fields.add(HttpHeaderNames.COOKIE, crumbs instanceof AsciiString ? crumbs : crumbs.toString());
        }
        return fields;
    }

    boolean hasPseudoHeaders() {
        return hasRequestPseudoHeaders() || status != null;
    }

    boolean hasRequestPseudoHeaders() {
        return method != null || scheme != null || authority != null || path != null || protocol != null;
    }

    @Nullable
    AsciiString protocol() {
        return protocol;
    }

    @Nullable
    AsciiString host() {
        return host;
    }

    /** As content-length says it, or {@link #NO_LENGTH}. */
    long contentLength() {
        return contentLength;
    }

    // What Netty's connection looks at

    @Override
    public int size() {
        return count;
    }

    @Override
    public @Nullable CharSequence method() {
        return method;
    }

    @Override
    public @Nullable CharSequence scheme() {
        return scheme;
    }

    @Override
    public @Nullable CharSequence authority() {
        return authority;
    }

    @Override
    public @Nullable CharSequence path() {
        return path;
    }

    @Override
    public @Nullable CharSequence status() {
        return status;
    }

    @Override
    public Http2Headers method(CharSequence value) {
        throw readOnly();
    }

    @Override
    public Http2Headers scheme(CharSequence value) {
        throw readOnly();
    }

    @Override
    public Http2Headers authority(CharSequence value) {
        throw readOnly();
    }

    @Override
    public Http2Headers path(CharSequence value) {
        throw readOnly();
    }

    @Override
    public Http2Headers status(CharSequence value) {
        throw readOnly();
    }

    @Override
    public boolean contains(CharSequence name, CharSequence value, boolean caseInsensitive) {
        return false;
    }

    private static UnsupportedOperationException readOnly() {
        return new UnsupportedOperationException("a received section is only added to");
    }
}
