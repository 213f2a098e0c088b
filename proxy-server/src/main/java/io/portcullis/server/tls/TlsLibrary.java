package io.portcullis.server.tls;

import io.netty.handler.ssl.OpenSsl;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What does the cryptography. Clients see the same either way; BoringSSL needs a fraction of the processor time. */
public enum TlsLibrary {
    /** Through netty-tcnative, where its native library loads. */
    BORINGSSL,
    /** The one in every JDK. */
    JDK;

    /** The system property that chooses: {@code auto} (the default), {@code boringssl} or {@code jdk}. */
    public static final String PROPERTY = "portcullis.tls";

    private static final String RENEGOTIATION = "jdk.tls.rejectClientInitiatedRenegotiation";

    /**
     * Keeps the JDK's TLS from letting clients of TLS 1.2 begin another handshake on a connection (CVE-2011-1473).
     * BoringSSL never does. There is no such setting for one engine, and the JDK looks for it once, so this comes before
     * anything of TLS in the process; an operator's own word stands.
     */
    public static void refuseRenegotiation() {
        if (System.getProperty(RENEGOTIATION) == null) {
            System.setProperty(RENEGOTIATION, "true");
        }
    }

    /**
     * What the system property says, by default BoringSSL where it loads.
     *
     * @throws IllegalStateException if it asks for what is not there, or for something unknown
     */
    public static TlsLibrary chosen() {
        TlsLibrary named = named();
        if (named != null) {
            return named;
        }
        return OpenSsl.isAvailable() ? BORINGSSL : JDK;
    }

    /**
     * What the system property names; null where it leaves the choice to what loads here. To load that takes time and
     * memory that a proxy without TLS has a better use for.
     *
     * @throws IllegalStateException as {@link #chosen}
     */
    static @Nullable TlsLibrary named() {
        String choice = System.getProperty(PROPERTY, "auto").toLowerCase(Locale.ROOT);
        return switch (choice) {
            case "auto" -> null;
            case "boringssl" -> requireBoringSsl();
            case "jdk" -> JDK;
            default ->
                throw new IllegalStateException(PROPERTY + ": " + choice + " (expected: auto, boringssl or jdk)");
        };
    }

    private static TlsLibrary requireBoringSsl() {
        if (!OpenSsl.isAvailable()) {
            throw new IllegalStateException(
                    PROPERTY + ": boringssl, which does not load (expected: auto or jdk)",
                    OpenSsl.unavailabilityCause());
        }
        return BORINGSSL;
    }
}
