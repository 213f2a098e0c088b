package io.portcullis.server.exchange;

import io.portcullis.core.config.ListenerConfig;
import io.portcullis.core.route.ListenerHosts;
import io.portcullis.core.route.VirtualHost;
import io.portcullis.server.observe.metrics.ListenerMeter;
import io.portcullis.server.tls.ServedCertificate;
import org.jspecify.annotations.Nullable;

/**
 * A listener's settings and the rules that go with them: one value, so that a reload which renames a listener replaces
 * both at once, and no exchange asks new rules for an old name. What is found by that name is found once. Immutable.
 */
public final class ListenerRules {

    private final ListenerConfig listener;
    private final Rules rules;
    private final ListenerHosts hosts;
    private final ListenerMeter meter;
    private final boolean leaving;

    public ListenerRules(ListenerConfig listener, Rules rules) {
        this(listener, rules, false);
    }

    private ListenerRules(ListenerConfig listener, Rules rules, boolean leaving) {
        this.listener = listener;
        this.rules = rules;
        this.hosts = rules.hosts(listener.name());
        this.meter = rules.listenerMeter(listener.name());
        this.leaving = leaving;
    }

    /** The same for a listener that is gone. */
    public ListenerRules leaving() {
        return new ListenerRules(listener, rules, true);
    }

    public ListenerConfig listener() {
        return listener;
    }

    public Rules rules() {
        return rules;
    }

    /** Whether the listener is gone: its connections end with the exchanges that they have. */
    public boolean isLeaving() {
        return leaving;
    }

    public String name() {
        return listener.name();
    }

    /** What is counted of its connections. */
    public ListenerMeter meter() {
        return meter;
    }

    /** The virtual hosts that are reachable there. */
    public ListenerHosts hosts() {
        return hosts;
    }

    /** As {@link Rules#certificate}. */
    @Nullable
    ServedCertificate certificate(@Nullable VirtualHost host) {
        return rules.certificate(listener.name(), host);
    }
}
