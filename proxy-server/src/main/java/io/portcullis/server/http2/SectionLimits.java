package io.portcullis.server.http2;

/**
 * How much of a field section is kept.
 *
 * @param maxSize of the decoded section, each field with its name, its value and 32 octets (RFC 9113 section 6.5.2)
 * @param maxFields how many fields; a cookie in crumbs is one, and pseudo-headers are none
 */
public record SectionLimits(int maxSize, int maxFields) {

    /** How much larger than {@link #maxSize} a compressed section may be before its connection ends. */
    private static final int PATIENCE = 4;

    /**
     * The most octets of a compressed section that are gathered. A section between the two limits is read and thrown
     * away, so that its sender gets an answer and the connection's HPACK state stays whole; beyond it he gets a GOAWAY.
     */
    long maxCompressed() {
        return (long) maxSize * PATIENCE;
    }
}
