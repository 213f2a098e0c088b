package io.portcullis.server.exchange;

import io.portcullis.core.config.ListenerConfig;
import io.portcullis.core.route.ListenerHosts;
import io.portcullis.core.route.VirtualHost;
import io.portcullis.server.observe.metrics.ListenerMeter;
import io.portcullis.server.tls.ServedCertificate;
import org.jspecify.annotations.Nullable;

/**
 * A listener's settings and the rules that go with them: one value, so that a reload which renames a listener replaces
 * both at once, and no exchange asks new rules for an old name. Immutable.
 *
 * @param isLeaving whether the listener is gone: its connections end with the exchanges that they have
 */
public record ListenerRules(ListenerConfig listener, Rules rules, boolean isLeaving) {

    public ListenerRules(ListenerConfig listener, Rules rules) {
        this(listener, rules, false);
    }

    /** The same for a listener that is gone. */
    public ListenerRules leaving() {
        return new ListenerRules(listener, rules, true);
    }

    public String name() {
        return listener.name();
    }

    /** What is counted of its connections. */
    public ListenerMeter meter() {
        return rules.listenerMeter(listener.name());
    }

    /** The virtual hosts that are reachable there. */
    public ListenerHosts hosts() {
        return rules.hosts(listener.name());
    }

    /** As {@link Rules#certificate}. */
    @Nullable
    ServedCertificate certificate(@Nullable VirtualHost host) {
        return rules.certificate(listener.name(), host);
    }
}
