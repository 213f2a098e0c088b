package io.portcullis.core.route;

import io.portcullis.core.config.HttpsConfig;
import io.portcullis.core.config.VirtualHostConfig;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A set of server names and the routes behind them. Immutable. */
public final class VirtualHost {

    private final int number;
    private final String name;
    private final List<String> serverNames;
    private final Set<String> listeners;
    private final Route[] longestFirst;
    private final Optional<String> verdictHeader;
    private final boolean redirectsToHttps;
    private final Optional<String> hsts;

    private VirtualHost(int number, VirtualHostConfig config, Route[] longestFirst) {
        this.number = number;
        this.name = config.name();
        this.serverNames = config.serverNames();
        this.listeners = Set.copyOf(config.listeners());
        this.longestFirst = longestFirst;
        this.verdictHeader = config.verdictHeader();
        this.redirectsToHttps = config.https().redirect();
        this.hsts = config.https().hsts().map(HttpsConfig.Hsts::fieldValue);
    }

    static VirtualHost of(int number, VirtualHostConfig config) {
        Route[] routes = config.routes().stream()
                .map(Route::of)
                .sorted((one, other) ->
                        Integer.compare(other.path().length(), one.path().length()))
                .toArray(Route[]::new);
        return new VirtualHost(number, config, routes);
    }

    /** Its place among {@link RoutingTable#virtualHosts}, by which what a snapshot keeps for each is found. */
    public int number() {
        return number;
    }

    /** The name that bans, logs and metrics know it by. */
    public String name() {
        return name;
    }

    /** Lower case: exact, {@code *.suffix} or {@code prefix.*}. */
    public List<String> serverNames() {
        return serverNames;
    }

    /** The names of the listeners it is reachable on. */
    public Set<String> listeners() {
        return listeners;
    }

    /** The field in which its applications say how many offences an answer is; it never leaves the proxy. */
    public Optional<String> verdictHeader() {
        return verdictHeader;
    }

    /** Whether what comes unencrypted is redirected to {@code https}. */
    public boolean redirectsToHttps() {
        return redirectsToHttps;
    }

    /** The value of {@code Strict-Transport-Security}, for answers over TLS. */
    public Optional<String> hsts() {
        return hsts;
    }

    /**
     * The route with the longest prefix that covers a path. {@code *}, which is the server as a whole (RFC 9110 section
     * 9.3.7), goes where {@code /} goes.
     *
     * @param path decoded and normalised
     * @return null where no route covers it
     */
    public @Nullable Route route(String path) {
        String covered = path.equals("*") ? "/" : path;
        for (Route route : longestFirst) {
            if (route.covers(covered)) {
                return route;
            }
        }
        return null;
    }

    @Override
    public String toString() {
        return name;
    }
}
