package io.portcullis.server.runtime;

import io.portcullis.core.config.ListenerConfig;
import io.portcullis.server.listener.Listener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The listeners that are open. Changed by one thread at a time; read by any. */
final class Listeners implements AutoCloseable {

    private final Listener.Accepting accepting;
    private final Map<String, Integer> ports;
    private volatile List<Listener> open = List.of();

    /** @param ports where each listener really listens, by its name; kept up to date here */
    Listeners(Listener.Accepting accepting, Map<String, Integer> ports) {
        this.accepting = accepting;
        this.ports = ports;
    }

    /**
     * Opens all of them; blocks until each accepts.
     *
     * @throws IOException if one cannot be bound; those before it stay open until {@link #close}
     */
    void open(List<ListenerConfig> configs) throws IOException {
        open(configs, Listener::open);
    }

    /** The same beside another process that may listen there. */
    void join(List<ListenerConfig> configs) throws IOException {
        open(configs, Listener::join);
    }

    private interface Opening {
        Listener open(ListenerConfig config, Listener.Accepting accepting) throws IOException;
    }

    private void open(List<ListenerConfig> configs, Opening opening) throws IOException {
        for (ListenerConfig config : configs) {
            Listener listener = opening.open(config, accepting);
            List<Listener> more = new ArrayList<>(open);
            more.add(listener);
            open = List.copyOf(more);
            ports.put(listener.name(), listener.address().getPort());
        }
    }

    /**
     * Has all new connections come here after a {@link #join}.
     *
     * @return false where the system goes on spreading some of them
     */
    boolean steer() {
        return open.stream().map(Listener::steer).reduce(true, Boolean::logicalAnd);
    }

    /** Has them go to the other process again. */
    void steerBack() {
        open.forEach(Listener::steerBack);
    }

    /** In the order of the configuration. */
    List<Listener> open() {
        return open;
    }

    /** Stops accepting everywhere; connections that are open stay. */
    @Override
    public void close() {
        open.forEach(Listener::close);
    }
}
