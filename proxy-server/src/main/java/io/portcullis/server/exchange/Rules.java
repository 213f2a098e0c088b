package io.portcullis.server.exchange;

import io.portcullis.core.ban.JailSet;
import io.portcullis.core.config.BansConfig.Tarpits;
import io.portcullis.core.config.LimitsConfig;
import io.portcullis.core.config.TimeoutsConfig;
import io.portcullis.core.config.UpstreamConfig;
import io.portcullis.core.net.ClientAddressResolver;
import io.portcullis.core.route.ListenerHosts;
import io.portcullis.core.route.VirtualHost;
import io.portcullis.server.upstream.ReachableUpstream;

/** What an exchange goes by: the part of a configuration snapshot that it pins. Immutable. */
public interface Rules {

    /** The virtual hosts reachable on a listener, by its name. */
    ListenerHosts hosts(String listener);

    JailSet jails(VirtualHost host);

    /** For what concerns no virtual host. */
    JailSet noHostJails();

    ReachableUpstream upstream(UpstreamConfig config);

    ClientAddressResolver clientAddresses();

    /** The header that {@link #clientAddresses} reads. */
    String clientAddressHeader();

    LimitsConfig limits();

    TimeoutsConfig timeouts();

    Tarpits tarpits();
}
