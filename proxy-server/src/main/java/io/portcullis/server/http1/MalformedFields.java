package io.portcullis.server.http1;

/**
 * Why the field lines of an HTTP/1 message are not passed on: they break a rule of RFC 9112, or there are too many.
 *
 * <p>It has no stack trace, because strangers cause it at will.
 */
public final class MalformedFields extends Exception {

    private static final long serialVersionUID = 1;

    private final boolean tooMany;

    MalformedFields(String reason, boolean tooMany) {
        super(reason, null, false, false);
        this.tooMany = tooMany;
    }

    /** Whether they are well-formed as far as they were read, and only too many. */
    public boolean isTooMany() {
        return tooMany;
    }

    /** Never null here. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
