package io.portcullis.core.route;

import io.portcullis.core.config.DefaultHost;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The virtual hosts that are reachable on one listener. Immutable. */
public final class ListenerHosts {

    private final ServerNames serverNames;
    private final Set<String> virtualHostNames;
    private final @Nullable VirtualHost standIn;
    private final boolean rejectsUnknownHosts;

    private ListenerHosts(
            ServerNames serverNames,
            Set<String> virtualHostNames,
            @Nullable VirtualHost standIn,
            boolean rejectsUnknownHosts) {
        this.serverNames = serverNames;
        this.virtualHostNames = virtualHostNames;
        this.standIn = standIn;
        this.rejectsUnknownHosts = rejectsUnknownHosts;
    }

    static ListenerHosts of(List<VirtualHost> reachable, DefaultHost defaultHost) {
        VirtualHost standIn = reachable.stream()
                .filter(host -> defaultHost.equals(new DefaultHost.Named(host.name())))
                .findFirst()
                .orElse(null);
        Set<String> names = reachable.stream().map(VirtualHost::name).collect(Collectors.toUnmodifiableSet());
        return new ListenerHosts(ServerNames.of(reachable), names, standIn, defaultHost == DefaultHost.Reject.REJECT);
    }

    /**
     * The virtual host that answers for a host; for one that nobody claims, the default host where that is a virtual
     * host of this listener. Allocates nothing.
     *
     * @param host lower case, as {@link io.portcullis.core.http.HostName} gives it
     * @return null where nobody answers; then {@link #rejectsUnknownHosts} tells how the request ends
     */
    public @Nullable VirtualHost find(String host) {
        VirtualHost found = findClaiming(host);
        return found != null ? found : standIn;
    }

    /**
     * The virtual host that has the host among its server names; null where none has, whoever stands in.
     *
     * @param host as {@link #find}
     */
    public @Nullable VirtualHost findClaiming(String host) {
        return serverNames.find(host);
    }

    /** The virtual host that answers for hosts that nobody claims; null where none does. */
    public @Nullable VirtualHost standIn() {
        return standIn;
    }

    /**
     * Whether a request for an unknown host is answered 421; otherwise the connection is closed, also where the default
     * host is a virtual host that this listener does not reach.
     */
    public boolean rejectsUnknownHosts() {
        return rejectsUnknownHosts;
    }

    /**
     * The names of all virtual hosts that a client can reach here. A client whose bans cover all of them may be refused
     * at accept. May be empty, which every client's bans cover: ask first whether there is a ban.
     */
    public Set<String> virtualHostNames() {
        return virtualHostNames;
    }
}
