package io.portcullis.server.listener;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.portcullis.core.http.HostName;
import org.jspecify.annotations.Nullable;

/** Reads what a client's first message of TLS asks for (RFC 8446 section 4.1.2), and throws at nothing that it may hold. */
final class ClientHello {

    private static final int VERSION_AND_RANDOM = 34;
    private static final int SERVER_NAME = 0;
    private static final int HOST_NAME = 0;
    /** RFC 1035 section 2.3.4, and the dots that some count. */
    private static final int MAX_NAME = 255;

    private final ByteBuf message;
    private int at;

    private ClientHello(ByteBuf message) {
        this.message = message;
        this.at = message.readerIndex();
    }

    /**
     * The host that it names by SNI (RFC 6066 section 3), as {@link HostName} gives it.
     *
     * @param message without the four octets of a handshake message's head; is left as it is
     * @return null where it names none, or what is no host: the TLS library finds out by itself what is wrong with that
     */
    static @Nullable String serverName(ByteBuf message) {
        ClientHello hello = new ClientHello(message);
        int end = hello.extensions();
        while (end - hello.at >= 4) {
            int type = message.getUnsignedShort(hello.at);
            int length = message.getUnsignedShort(hello.at + 2);
            hello.at += 4;
            if (length > end - hello.at) {
                return null;
            }
            if (type == SERVER_NAME) {
                return hello.firstName(hello.at + length);
            }
            hello.at += length;
        }
        return null;
    }

    /**
     * Goes to the first extension.
     *
     * @return where the last one ends; not behind where it now is, if there are none
     */
    private int extensions() {
        int limit = message.writerIndex();
        at += VERSION_AND_RANDOM;
        if (!skipVector(1, limit) || !skipVector(2, limit) || !skipVector(1, limit) || limit - at < 2) {
            return at;
        }
        int length = message.getUnsignedShort(at);
        at += 2;
        return length > limit - at ? at : at + length;
    }

    private boolean skipVector(int lengthOctets, int limit) {
        if (limit - at < lengthOctets) {
            return false;
        }
        int length = lengthOctets == 1 ? message.getUnsignedByte(at) : message.getUnsignedShort(at);
        at += lengthOctets + length;
        return at <= limit;
    }

    private @Nullable String firstName(int end) {
        int start = at + 5; // the list's length, the name's type and length
        if (end < start || message.getUnsignedByte(at + 2) != HOST_NAME) {
            return null;
        }
        int length = message.getUnsignedShort(at + 3);
        if (length > MAX_NAME || length > end - start) {
            return null;
        }
        String name = message.toString(start, length, ISO_8859_1);
        return name.indexOf(':') >= 0 || name.indexOf('[') >= 0 ? null : HostName.parse(name); // a port is none of it
    }
}
