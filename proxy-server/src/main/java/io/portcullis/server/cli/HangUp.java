package io.portcullis.server.cli;

import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGHUP, which does not end the process: on a host it means "look at your files again", and comes from whoever has
 * changed the configuration, and from the hooks of whoever renews certificates.
 *
 * <p>The JDK has no supported API for signals, and warns of the one it has at every compilation; hence by reflection.
 * Where it is not there, the signal ends the process as it does any other.
 */
final class HangUp {

    private static final Logger LOG = LoggerFactory.getLogger(HangUp.class);

    private HangUp() {}

    /** @param action run on a thread of the JVM's own for each signal; must not block for long */
    static void handle(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object acting = Proxy.newProxyInstance(
                    HangUp.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        action.run();
                        return null;
                    });
            Object before = signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), acting);
            // HotSpot leaves a signal ignored that it finds ignored, and says so by this.
            if (before == handler.getField("SIG_IGN").get(null)) {
                LOG.warn("SIGHUP is ignored here, as nohup asks for, and will not reload; portcullis reload does");
            }
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.debug("SIGHUP cannot be handled here", e);
        }
    }
}
