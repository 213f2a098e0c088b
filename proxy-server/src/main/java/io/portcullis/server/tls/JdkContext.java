package io.portcullis.server.tls;

import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.SslContext;
import java.security.AlgorithmConstraints;
import java.security.AlgorithmParameters;
import java.security.CryptoPrimitive;
import java.security.Key;
import java.util.Locale;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * A context of the JDK whose engines agree on keys over elliptic curves only. By itself the JDK takes part in
 * finite-field Diffie-Hellman of up to 8,192 bits too, where a client makes the server compute for milliseconds at no
 * cost of its own (CVE-2002-20001). What else it is kept from is a matter of the whole process:
 * {@link TlsLibrary#refuseRenegotiation}.
 */
final class JdkContext extends DelegatingSslContext {

    JdkContext(SslContext context) {
        super(context);
    }

    @Override
    protected void initEngine(SSLEngine engine) {
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setAlgorithmConstraints(new NoFiniteFields());
        engine.setSSLParameters(parameters);
    }

    /** Stands beside what the JDK's security properties disable. */
    private static final class NoFiniteFields implements AlgorithmConstraints {

        @Override
        public boolean permits(
                Set<CryptoPrimitive> primitives, String algorithm, @Nullable AlgorithmParameters parameters) {
            String name = algorithm.toLowerCase(Locale.ROOT);
            return !name.startsWith("ffdhe") && !name.equals("diffiehellman");
        }

        @Override
        public boolean permits(Set<CryptoPrimitive> primitives, Key key) {
            return true;
        }

        @Override
        public boolean permits(
                Set<CryptoPrimitive> primitives, String algorithm, Key key, @Nullable AlgorithmParameters parameters) {
            return permits(primitives, algorithm, parameters);
        }
    }
}
