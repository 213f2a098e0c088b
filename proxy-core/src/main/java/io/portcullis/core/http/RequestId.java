package io.portcullis.core.http;

/** The name of one exchange, under which the proxy's logs and the application's can be put together. */
public final class RequestId {

    /** A received id that is longer is replaced. */
    public static final int MAX_LENGTH = 128;

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private RequestId() {}

    /**
     * Whether a received id may be kept: 1 to 128 letters, digits or {@code . _ - : = + /}. So it can neither break a
     * log line nor hide in it.
     */
    public static boolean isValid(String id) {
        if (id.isEmpty() || id.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            if (!Ascii.isLetterOrDigit(c) && "._-:=+/".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    /** 32 hexadecimal digits. Uniqueness is the caller's: 128 random bits. */
    public static String of(long high, long low) {
        char[] digits = new char[32];
        for (int i = 0; i < 16; i++) {
            int shift = 60 - 4 * i;
            digits[i] = HEX[(int) (high >>> shift) & 0xF];
            digits[i + 16] = HEX[(int) (low >>> shift) & 0xF];
        }
        return new String(digits);
    }
}
