package io.portcullis.server.http1;

/**
 * Why an HTTP/1 message is not passed on: it breaks a rule of RFC 9112, or it is over a limit.
 *
 * <p>It has no stack trace, because strangers cause it at will.
 */
public final class MalformedMessage extends Exception {

    private static final long serialVersionUID = 1;

    /** What is wrong with it. */
    public enum Breach {
        RULE,
        /** The request line or status line alone is over its limit. */
        FIRST_LINE_TOO_LONG,
        /** A head or a trailer section is, or it has too many fields. */
        SECTION_TOO_LARGE,
        BODY_TOO_LARGE
    }

    private final Breach breach;

    private MalformedMessage(Breach breach, String reason) {
        super(reason, null, false, false);
        this.breach = breach;
    }

    /** It breaks a rule. */
    public static MalformedMessage rule(String reason) {
        return new MalformedMessage(Breach.RULE, reason);
    }

    static MalformedMessage firstLineTooLong(int max) {
        return new MalformedMessage(Breach.FIRST_LINE_TOO_LONG, "first line longer than " + max + " bytes");
    }

    static MalformedMessage sectionTooLarge(int max) {
        return new MalformedMessage(Breach.SECTION_TOO_LARGE, "header section larger than " + max + " bytes");
    }

    static MalformedMessage tooManyFields(int max) {
        return new MalformedMessage(Breach.SECTION_TOO_LARGE, "more than " + max + " header fields");
    }

    static MalformedMessage bodyTooLarge(long max) {
        return new MalformedMessage(Breach.BODY_TOO_LARGE, "body larger than " + max + " bytes");
    }

    public Breach breach() {
        return breach;
    }

    /** Never null here. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
