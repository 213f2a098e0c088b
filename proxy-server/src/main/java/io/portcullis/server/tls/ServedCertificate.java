package io.portcullis.server.tls;

import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import java.security.SecureRandom;
import java.time.Instant;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A certificate as handshakes use it: always the last good content of its files. The object stays the same while they
 * change, so whether two hosts are served with the same certificate is a matter of identity.
 *
 * <p>What handshakes ask may be asked on any thread; the rest is guarded by the {@link Certificates} that made it.
 */
public final class ServedCertificate {

    private static final int SCOPE_SIZE = 32;

    private final String name;
    private final boolean http2;
    /** Of this object alone and for its whole life: a session outlives a renewed certificate, and is no one else's. */
    private final @Nullable TicketKeys tickets;

    private final byte[] sessionScope = new byte[SCOPE_SIZE];

    private volatile Current current;

    /**
     * What is served now.
     *
     * @param certificate the content
     * @param context made from it
     */
    private record Current(LoadedCertificate certificate, SslContext context) {}

    /** @param now when the first ticket key begins to be used */
    ServedCertificate(
            LoadedCertificate certificate, boolean http2, TlsLibrary library, SecureRandom random, Instant now)
            throws SSLException {
        this.name = certificate.name();
        this.http2 = http2;
        tickets = library == TlsLibrary.BORINGSSL ? new TicketKeys(random, now) : null;
        random.nextBytes(sessionScope);
        current = new Current(certificate, contextOf(certificate));
    }

    /** What to make the engine of the next handshake from. */
    public SslContext context() {
        return current.context();
    }

    /** Whether clients accept it for a host, as {@link LoadedCertificate#covers} tells. */
    public boolean covers(String host) {
        return current.certificate().covers(host);
    }

    /** When it expires. */
    public Instant notAfter() {
        return current.certificate().notAfter();
    }

    SslContext contextOf(LoadedCertificate certificate) throws SSLException {
        return tickets == null
                ? ServerContexts.jdk(certificate, http2)
                : ServerContexts.boringSsl(certificate, http2, tickets, sessionScope);
    }

    void replace(LoadedCertificate certificate, SslContext context) {
        current = new Current(certificate, context);
    }

    void rotateTickets(Instant now) {
        if (tickets != null && tickets.rotate(now)) {
            ((OpenSslSessionContext) context().sessionContext()).setTicketKeys(tickets.all());
        }
    }

    boolean isHttp2() {
        return http2;
    }

    /** The certificate's file name. */
    @Override
    public String toString() {
        return name;
    }
}
