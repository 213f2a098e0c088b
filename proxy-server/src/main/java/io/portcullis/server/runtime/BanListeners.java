package io.portcullis.server.runtime;

import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanListener;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells several of each change of the ban list, in their order; the fault of one keeps none of the others from it. */
final class BanListeners implements BanListener {

    private static final Logger LOG = LoggerFactory.getLogger(BanListeners.class);

    private final List<BanListener> listeners;

    BanListeners(List<BanListener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    @Override
    public void banned(Ban ban) {
        tell(listener -> listener.banned(ban));
    }

    @Override
    public void unbanned(Ban ban) {
        tell(listener -> listener.unbanned(ban));
    }

    private void tell(Consumer<BanListener> news) {
        for (BanListener listener : listeners) {
            try {
                news.accept(listener);
            } catch (RuntimeException e) {
                LOG.error(
                        "the ban list changed, and {} failed when told",
                        listener.getClass().getSimpleName(),
                        e);
            }
        }
    }
}
