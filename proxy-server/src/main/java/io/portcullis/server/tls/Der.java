package io.portcullis.server.tls;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** The little of DER (X.690) that it takes to dress an old private key as PKCS#8, and to find the public key in one. */
final class Der {

    static final int INTEGER = 0x02;
    static final int OCTET_STRING = 0x04;
    static final int SEQUENCE = 0x30;
    /** {@code [1]}, around another element. */
    static final int TAGGED_1 = 0xA1;

    private Der() {}

    /** One element with what it contains. */
    static byte[] element(int tag, byte[]... contents) {
        int length = Arrays.stream(contents).mapToInt(content -> content.length).sum();
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + 6);
        out.write(tag);
        if (length < 0x80) {
            out.write(length);
        } else {
            int octets = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
            out.write(0x80 | octets);
            for (int octet = octets - 1; octet >= 0; octet--) {
                out.write(length >>> (8 * octet));
            }
        }
        for (byte[] content : contents) {
            out.writeBytes(content);
        }
        return out.toByteArray();
    }

    /** The first element inside an element, whole. The encoding must be sound: it comes from the JDK. */
    static byte[] firstInside(byte[] element) {
        int start = contentStart(element, 0);
        int content = contentStart(element, start);
        return Arrays.copyOfRange(element, start, content + contentLength(element, start));
    }

    /** What follows that first element inside, whole. */
    static byte[] restInside(byte[] element) {
        int start = contentStart(element, 0);
        int content = contentStart(element, start);
        return Arrays.copyOfRange(element, content + contentLength(element, start), element.length);
    }

    private static int contentStart(byte[] bytes, int element) {
        int first = bytes[element + 1] & 0xFF;
        return element + 2 + (first < 0x80 ? 0 : first & 0x7F);
    }

    private static int contentLength(byte[] bytes, int element) {
        int first = bytes[element + 1] & 0xFF;
        if (first < 0x80) {
            return first;
        }
        int length = 0;
        for (int i = 0; i < (first & 0x7F); i++) {
            length = length << 8 | (bytes[element + 2 + i] & 0xFF);
        }
        return length;
    }
}
