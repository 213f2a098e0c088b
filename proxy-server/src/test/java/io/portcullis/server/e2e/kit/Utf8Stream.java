package io.portcullis.server.e2e.kit;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Tells of octets that come piece by piece whether they are UTF-8 (RFC 3629), at the first piece that is not. */
final class Utf8Stream {

    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    private final CharBuffer thrownAway = CharBuffer.allocate(4096);
    private ByteBuffer rest = ByteBuffer.allocate(0);

    /** Whether all octets so far may be the beginning of a text; with the last piece, whether they are one. */
    boolean accepts(byte[] piece, boolean last) {
        ByteBuffer octets = ByteBuffer.allocate(rest.remaining() + piece.length)
                .put(rest)
                .put(piece)
                .flip();
        CoderResult result;
        do {
            thrownAway.clear();
            result = decoder.decode(octets, thrownAway, last);
        } while (result.isOverflow());
        rest = octets;
        return result.isUnderflow() && !(last && octets.hasRemaining());
    }
}
