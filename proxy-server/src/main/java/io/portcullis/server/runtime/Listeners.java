package io.portcullis.server.runtime;

import io.portcullis.core.config.ListenerConfig;
import io.portcullis.server.admin.ReloadReport;
import io.portcullis.server.exchange.Rules;
import io.portcullis.server.listener.Listener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The listeners that are open. A new configuration is compared with them by address and port: what is in both keeps its
 * socket, so that no client finds the port closed for a moment.
 *
 * <p>Thread-safe; guarded by itself.
 */
final class Listeners implements AutoCloseable {

    private final Listener.Accepting accepting;
    private final Map<String, Integer> ports;
    private volatile List<Listener> open = List.of();
    private boolean closed;

    /** @param ports where each listener really listens, by its name; kept up to date here */
    Listeners(Listener.Accepting accepting, Map<String, Integer> ports) {
        this.accepting = accepting;
        this.ports = ports;
    }

    /**
     * Binds what is not open yet, without serving anybody there. Blocks until it is bound.
     *
     * @param rules those that come into force with the configuration
     * @return what is then either committed or rolled back, before another is prepared
     * @throws IOException if one cannot be bound; everything is then as before
     */
    Change prepare(List<ListenerConfig> configs, Rules rules) throws IOException {
        return prepare(configs, rules, Listener::bind);
    }

    /** The same where another process may listen at the same addresses. */
    Change prepareBeside(List<ListenerConfig> configs, Rules rules) throws IOException {
        return prepare(configs, rules, Listener::bindBeside);
    }

    private interface Binding {
        Listener bind(ListenerConfig config, Rules rules, Listener.Accepting accepting) throws IOException;
    }

    private synchronized Change prepare(List<ListenerConfig> configs, Rules rules, Binding binding) throws IOException {
        if (closed) {
            throw new IOException("the process is ending");
        }
        Change change = new Change(binding);
        try {
            for (ListenerConfig config : configs) {
                change.add(config, rules);
            }
        } catch (IOException | RuntimeException e) {
            change.rollBack();
            throw e;
        }
        return change;
    }

    /**
     * Has all new connections come here, of those that another process gets as well.
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

    /** Stops accepting everywhere; connections that are open stay. Nothing is opened afterwards. */
    @Override
    public synchronized void close() {
        closed = true;
        open.forEach(Listener::close);
    }

    /** The step from the listeners that are open to those of a new configuration. */
    final class Change {

        /** In the order of the configuration. */
        private final Map<Listener, ListenerConfig> next = new LinkedHashMap<>();

        private final List<Listener> opened = new ArrayList<>();
        private final List<Listener> gone = new ArrayList<>(open);

        private final Binding binding;

        private Change(Binding binding) {
            this.binding = binding;
        }

        private void add(ListenerConfig config, Rules rules) throws IOException {
            Listener listener = takeOpen(config);
            if (listener == null) {
                listener = binding.bind(config, rules, accepting);
                opened.add(listener);
            }
            next.put(listener, config);
        }

        private @Nullable Listener takeOpen(ListenerConfig config) {
            for (Listener listener : gone) {
                if (isSocketOf(config, listener)) {
                    gone.remove(listener);
                    return listener;
                }
            }
            return null;
        }

        /** Closes what was bound for it. */
        void rollBack() {
            opened.forEach(Listener::close);
        }

        /**
         * Serves on all of them by the new rules.
         *
         * @return those that are in the configuration no more, which accept until they are retired
         */
        List<Listener> commit(Rules rules) {
            synchronized (Listeners.this) {
                if (closed) {
                    rollBack();
                    return List.of();
                }
                next.forEach((listener, config) ->
                        ports.put(config.name(), listener.address().getPort()));
                next.forEach((listener, config) -> listener.serve(config, rules));
                open = List.copyOf(next.keySet());
                ports.keySet()
                        .retainAll(
                                next.values().stream().map(ListenerConfig::name).toList());
                return List.copyOf(gone);
            }
        }

        /** What it does; to be asked before it is committed. */
        ReloadReport.Listeners told() {
            List<String> kept = new ArrayList<>();
            List<String> changed = new ArrayList<>();
            next.forEach((listener, config) -> {
                if (!opened.contains(listener)) {
                    (config.equals(listener.config()) ? kept : changed).add(listener.toString(config));
                }
            });
            return new ReloadReport.Listeners(texts(opened), changed, kept, texts(gone));
        }

        private static List<String> texts(List<Listener> listeners) {
            return listeners.stream().map(Listener::toString).toList();
        }
    }

    /** Where the system chose the port, a listener is known by its name. */
    private static boolean isSocketOf(ListenerConfig config, Listener listener) {
        ListenerConfig now = listener.config();
        boolean samePort = config.port() == 0
                ? now.port() == 0 && now.name().equals(config.name())
                : listener.address().getPort() == config.port();
        return samePort && now.address().equals(config.address());
    }
}
