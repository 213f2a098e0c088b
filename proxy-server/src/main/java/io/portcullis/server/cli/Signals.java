package io.portcullis.server.cli;

import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has signals do something else than end the process: on a host SIGHUP means "look at your files again", and SIGUSR1
 * "open your logs anew".
 *
 * <p>The JDK has no supported API for signals, and warns of the one it has at every compilation; hence by reflection.
 * Where it is not there, the signal ends the process as it does any other.
 */
final class Signals {

    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

    private Signals() {}

    /**
     * @param name without {@code SIG}
     * @param action run on a thread of the JVM's own for each signal; must not block for long
     */
    static void handle(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object acting = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        action.run();
                        return null;
                    });
            Object before = signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), acting);
            // HotSpot leaves a signal ignored that it finds ignored, and says so by this.
            if (before == handler.getField("SIG_IGN").get(null)) {
                LOG.warn("SIG{} is ignored here, as nohup asks for, and will do nothing; portcullis reload does", name);
            }
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.debug("SIG{} cannot be handled here", name, e);
        }
    }
}
