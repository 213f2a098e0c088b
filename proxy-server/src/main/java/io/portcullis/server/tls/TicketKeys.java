package io.portcullis.server.tls;

import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The keys that one certificate's session tickets are encrypted with (RFC 5077 section 4). They never leave the
 * process: whoever has one reads every TLS 1.2 session that it resumes, which is why they are thrown away soon.
 *
 * <p>Used by one thread at a time.
 */
final class TicketKeys {

    /** How long a key makes tickets. */
    static final Duration ACTIVE = Duration.ofHours(12);

    /** How long after that its tickets are still taken. */
    static final Duration ACCEPTED = Duration.ofDays(1);

    private final SecureRandom random;
    /** The newest first. */
    private final Deque<Dated> keys = new ArrayDeque<>();

    private record Dated(Instant since, OpenSslSessionTicketKey key) {}

    TicketKeys(SecureRandom random, Instant now) {
        this.random = random;
        keys.addFirst(fresh(now));
    }

    private Dated fresh(Instant now) {
        return new Dated(
                now,
                new OpenSslSessionTicketKey(
                        bytes(OpenSslSessionTicketKey.NAME_SIZE),
                        bytes(OpenSslSessionTicketKey.HMAC_KEY_SIZE),
                        bytes(OpenSslSessionTicketKey.AES_KEY_SIZE)));
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    /** @return whether the keys are others now */
    boolean rotate(Instant now) {
        boolean isStale = !now.isBefore(keys.getFirst().since().plus(ACTIVE));
        if (isStale) {
            keys.addFirst(fresh(now));
        }
        boolean anyOutlived =
                keys.removeIf(key -> !now.isBefore(key.since().plus(ACTIVE).plus(ACCEPTED)));
        return isStale || anyOutlived;
    }

    /** The first makes tickets; those of the others are taken and replaced. */
    OpenSslSessionTicketKey[] all() {
        return keys.stream().map(Dated::key).toArray(OpenSslSessionTicketKey[]::new);
    }
}
