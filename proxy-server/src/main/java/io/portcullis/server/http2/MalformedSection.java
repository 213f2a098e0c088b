package io.portcullis.server.http2;

/**
 * Why a field section that came over HTTP/2 is not passed on: it breaks a rule of RFC 9113, or it is over a limit.
 *
 * <p>It has no stack trace, because strangers cause it at will.
 */
public final class MalformedSection extends Exception {

    private static final long serialVersionUID = 1;

    private final boolean tooLarge;

    MalformedSection(String reason, boolean tooLarge) {
        super(reason, null, false, false);
        this.tooLarge = tooLarge;
    }

    /** Whether it is well-formed as far as it was read, and only too large: that can be answered, with 431. */
    public boolean isTooLarge() {
        return tooLarge;
    }

    /** Never null here. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
