package io.portcullis.server.exchange;

import io.portcullis.core.ban.JailSet;
import io.portcullis.core.config.BansConfig.Tarpits;
import io.portcullis.core.config.LimitsConfig;
import io.portcullis.core.config.TimeoutsConfig;
import io.portcullis.core.config.UpstreamConfig;
import io.portcullis.core.net.ClientAddressResolver;
import io.portcullis.core.route.ListenerHosts;
import io.portcullis.core.route.VirtualHost;
import io.portcullis.server.observe.metrics.HostMeter;
import io.portcullis.server.observe.metrics.ListenerMeter;
import io.portcullis.server.tls.ServedCertificate;
import io.portcullis.server.upstream.ReachableUpstream;
import org.jspecify.annotations.Nullable;

/** What an exchange goes by: the part of a configuration snapshot that it pins. Immutable. */
public interface Rules {

    /** The virtual hosts reachable on a listener, by its name. */
    ListenerHosts hosts(String listener);

    JailSet jails(VirtualHost host);

    /** What is counted of the virtual host's exchanges. */
    HostMeter meter(VirtualHost host);

    /** What is counted of a listener's connections, by its name. */
    ListenerMeter listenerMeter(String listener);

    /** For what concerns no virtual host. */
    JailSet noHostJails();

    ReachableUpstream upstream(UpstreamConfig config);

    ClientAddressResolver clientAddresses();

    /** The header that {@link #clientAddresses} reads. */
    String clientAddressHeader();

    /**
     * What a listener shows to who asks for a virtual host there: the host's own certificate, else the listener's default
     * one.
     *
     * @param host null for a client that names none, or one that nobody claims: the listener's default certificate, else
     *     the default host's
     * @return null where there is none, and on plain listeners
     */
    @Nullable
    ServedCertificate certificate(String listener, @Nullable VirtualHost host);

    /** The port at which the virtual host is reached by {@code https}; 0 where it is nowhere. */
    int httpsPort(VirtualHost host);

    LimitsConfig limits();

    TimeoutsConfig timeouts();

    Tarpits tarpits();
}
