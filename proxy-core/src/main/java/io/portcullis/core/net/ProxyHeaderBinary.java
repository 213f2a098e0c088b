package io.portcullis.core.net;

import io.portcullis.core.net.ProxyHeader.Incomplete;
import io.portcullis.core.net.ProxyHeader.Malformed;
import io.portcullis.core.net.ProxyHeader.Own;
import io.portcullis.core.net.ProxyHeader.PassedOn;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Version 2: a signature, a command, a family, a length, addresses, and values that nobody here needs but for the
 * checksum among them.
 */
final class ProxyHeaderBinary {

    private static final byte[] SIGNATURE = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};
    private static final int FIXED = 16;

    private static final int VERSION_2 = 0x20;
    private static final int LOCAL = 0;
    private static final int PROXY = 1;

    private static final int TCP_OVER_IPV4 = 0x11;
    private static final int TCP_OVER_IPV6 = 0x21;
    private static final int IPV4_ADDRESSES = 12;
    private static final int IPV6_ADDRESSES = 36;

    private static final int CHECKSUM_TYPE = 0x03;
    private static final int CHECKSUM_LENGTH = 4;

    private ProxyHeaderBinary() {}

    static ProxyHeader read(byte[] octets, int available) {
        for (int i = 0; i < Math.min(available, SIGNATURE.length); i++) {
            if (octets[i] != SIGNATURE[i]) {
                return new Malformed("no PROXY protocol header");
            }
        }
        if (available > 12 && (octets[12] & 0xF0) != VERSION_2) {
            return new Malformed("PROXY header of another version (expected: 1 or 2)");
        }
        if (available < FIXED) {
            return Incomplete.INCOMPLETE;
        }
        int length = FIXED + (octets[14] & 0xFF) * 256 + (octets[15] & 0xFF);
        if (length > ProxyHeader.MAX_LENGTH) {
            return new Malformed(
                    "PROXY header of " + length + " octets (expected: at most " + ProxyHeader.MAX_LENGTH + ")");
        }
        return available < length ? Incomplete.INCOMPLETE : readWhole(octets, length);
    }

    private static ProxyHeader readWhole(byte[] octets, int length) {
        int command = octets[12] & 0x0F;
        if (command == LOCAL) {
            return new Own(length); // whatever else it says is to be ignored
        }
        if (command != PROXY) {
            return new Malformed("PROXY header with command " + command + " (expected: 0 or 1)");
        }
        int family = octets[13] & 0xFF;
        if (family >> 4 > 3 || (family & 0x0F) > 2) {
            return new Malformed("PROXY header of family " + family + " (expected: one of the specification's)");
        }
        int addresses = family == TCP_OVER_IPV4 ? IPV4_ADDRESSES : family == TCP_OVER_IPV6 ? IPV6_ADDRESSES : 0;
        if (addresses == 0) {
            return new Own(length); // of a Unix socket, of datagrams, or unsaid: it names nobody who could connect here
        }
        if (length - FIXED < addresses) {
            return new Malformed("PROXY header without room for its addresses");
        }
        String problem = problemOfValues(octets, FIXED + addresses, length);
        if (!problem.isEmpty()) {
            return new Malformed(problem);
        }
        int width = (addresses - 4) / 2;
        IpAddress source = IpAddress.ofBytes(Arrays.copyOfRange(octets, FIXED, FIXED + width));
        int port = FIXED + addresses - 2;
        return new PassedOn(length, source, (octets[port] & 0xFF) * 256 + (octets[port + 1] & 0xFF));
    }

    /** The specification has a receiver give up a connection whose checksum, where there is one, is wrong. */
    private static String problemOfValues(byte[] octets, int start, int end) {
        int at = start;
        while (at < end) {
            int valueLength = end - at < 3 ? end : (octets[at + 1] & 0xFF) * 256 + (octets[at + 2] & 0xFF);
            if (valueLength > end - at - 3) {
                return "PROXY header with a value longer than itself";
            }
            boolean checksum = octets[at] == CHECKSUM_TYPE;
            if (checksum && (valueLength != CHECKSUM_LENGTH || !isChecksum(octets, at + 3, end))) {
                return "PROXY header with a wrong checksum";
            }
            at += 3 + valueLength;
        }
        return "";
    }

    /** Over the whole header, the checksum itself taken for zeros. */
    private static boolean isChecksum(byte[] octets, int at, int length) {
        CRC32C crc = new CRC32C();
        crc.update(octets, 0, at);
        crc.update(new byte[CHECKSUM_LENGTH]);
        crc.update(octets, at + CHECKSUM_LENGTH, length - at - CHECKSUM_LENGTH);
        return (int) crc.getValue()
                == ByteBuffer.wrap(octets, at, CHECKSUM_LENGTH).getInt();
    }

    /** Ends of two families are both written as IPv6, the one of IPv4 mapped (RFC 4291 section 2.5.5.2). */
    static byte[] write(ProxyHeader.End source, ProxyHeader.End destination) {
        boolean ipv4 = source.address().isIpv4() && destination.address().isIpv4();
        int addresses = ipv4 ? IPV4_ADDRESSES : IPV6_ADDRESSES;
        ByteBuffer header = ByteBuffer.allocate(FIXED + addresses)
                .put(SIGNATURE)
                .put((byte) (VERSION_2 | PROXY))
                .put((byte) (ipv4 ? TCP_OVER_IPV4 : TCP_OVER_IPV6))
                .putShort((short) addresses);
        for (ProxyHeader.End end : new ProxyHeader.End[] {source, destination}) {
            if (ipv4) {
                header.putInt(end.address().ipv4Bits());
            } else {
                header.putLong(end.address().high()).putLong(end.address().low());
            }
        }
        header.putShort((short) source.port()).putShort((short) destination.port());
        return header.array();
    }
}
