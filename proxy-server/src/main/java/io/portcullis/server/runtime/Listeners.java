package io.portcullis.server.runtime;

import io.portcullis.core.config.ListenerConfig;
import io.portcullis.server.admin.ReloadReport;
import io.portcullis.server.exchange.Rules;
import io.portcullis.server.listener.Listener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The listeners that are open. A new configuration is compared with them by address and port: what is in both keeps its
 * socket, so that no client finds the port closed for a moment.
 *
 * <p>Thread-safe; guarded by itself.
 */
final class Listeners implements AutoCloseable {

    private static final String ENDING = "the process is ending";

    private final Listener.Accepting accepting;
    private final Map<String, Integer> ports;
    private final Consumer<Listener> retirement;
    private volatile List<Listener> open = List.of();
    /** Gone from the configuration, and still accepting what clients have begun to connect to. */
    private final List<Listener> leaving = new ArrayList<>();

    private boolean closed;

    /**
     * @param ports where each listener really listens, by its name; kept up to date here
     * @param retirement has the connections of a listener that is gone end, and {@link #closeGone} it after a while
     */
    Listeners(Listener.Accepting accepting, Map<String, Integer> ports, Consumer<Listener> retirement) {
        this.accepting = accepting;
        this.ports = ports;
        this.retirement = retirement;
    }

    /**
     * Binds what is not open yet, without serving anybody there. Blocks until it is bound.
     *
     * @param rules those that come into force with the configuration
     * @return what is then either committed or rolled back, before another is prepared
     * @throws IOException if one cannot be bound; everything is then as before
     */
    Change prepare(List<ListenerConfig> configs, Rules rules) throws IOException {
        return prepare(configs, rules, Listener::open);
    }

    /** The same where another process may listen at the same addresses. */
    Change prepareBeside(List<ListenerConfig> configs, Rules rules) throws IOException {
        return prepare(configs, rules, Listener::join);
    }

    private interface Binding {
        Listener bind(ListenerConfig config, Rules rules, Listener.Accepting accepting) throws IOException;
    }

    private synchronized Change prepare(List<ListenerConfig> configs, Rules rules, Binding binding) throws IOException {
        if (closed) {
            throw new IOException(ENDING);
        }
        Change change = new Change(configs, binding);
        try {
            change.bind(rules);
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

    /** Stops accepting where a listener is gone, unless a later configuration has it again. */
    synchronized void closeGone(Listener gone) {
        if (leaving.remove(gone)) {
            gone.close();
        }
    }

    /** Stops accepting everywhere; connections that are open stay. Nothing is opened afterwards. */
    @Override
    public synchronized void close() {
        closed = true;
        open.forEach(Listener::close);
        leaving.forEach(Listener::close);
        leaving.clear();
    }

    /** The step from the listeners that are open to those of a new configuration. */
    final class Change {

        /** In the order of the configuration. */
        private final Map<Listener, ListenerConfig> next = new LinkedHashMap<>();

        private final List<Listener> opened = new ArrayList<>();
        private final List<Listener> gone = new ArrayList<>(open);

        private final List<ListenerConfig> configs;
        private final Binding binding;
        private final Map<ListenerConfig, Listener> kept = new HashMap<>();

        private Change(List<ListenerConfig> configs, Binding binding) {
            this.configs = configs;
            this.binding = binding;
            for (ListenerConfig config : configs) {
                Listener listener = takeOpen(config);
                if (listener != null) {
                    kept.put(config, listener);
                }
            }
        }

        private void bind(Rules rules) throws IOException {
            for (ListenerConfig config : configs) {
                Listener listener = kept.get(config);
                if (listener == null) {
                    listener = bind(config, rules);
                    opened.add(listener);
                }
                next.put(listener, config);
            }
        }

        /**
         * Beside one that goes, where that has the port on another address: 0.0.0.0 makes way for 127.0.0.1. Whoever takes
         * back what he has just taken out finds its socket, not a port in use.
         */
        private Listener bind(ListenerConfig config, Rules rules) throws IOException {
            for (Listener listener : leaving) {
                if (config.port() != 0 && isSocketOf(config, listener)) {
                    leaving.remove(listener);
                    return listener;
                }
            }
            boolean makesWay = Stream.concat(gone.stream(), leaving.stream())
                    .anyMatch(listener -> listener.address().getPort() == config.port());
            return makesWay ? Listener.join(config, rules, accepting) : binding.bind(config, rules, accepting);
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
         * Serves on all of them by the new rules, and has those that are in the configuration no more retired. Fails only
         * where the process is ending: then everything that was bound for it is closed again.
         */
        void commit(Rules rules) throws IOException {
            synchronized (Listeners.this) {
                if (closed) {
                    rollBack();
                    throw new IOException(ENDING);
                }
                next.forEach((listener, config) ->
                        ports.put(config.name(), listener.address().getPort()));
                next.forEach((listener, config) -> listener.serve(config, rules));
                open = List.copyOf(next.keySet());
                leaving.addAll(gone);
                ports.keySet()
                        .retainAll(
                                next.values().stream().map(ListenerConfig::name).toList());
            }
            gone.forEach(retirement);
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
