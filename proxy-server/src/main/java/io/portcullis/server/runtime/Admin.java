package io.portcullis.server.runtime;

import io.portcullis.core.config.AdminConfig;
import io.portcullis.server.admin.AdminApi;
import io.portcullis.server.admin.AdminListener;
import io.portcullis.server.admin.AdminToken;
import io.portcullis.server.admin.Resource;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way in for operators, while it is open. Opened and closed by one thread; asked by any. */
final class Admin implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Admin.class);

    private static final Duration WHEN_FREE = Duration.ofSeconds(5);
    private static final long POLL_MILLIS = 50;

    private final AdminConfig config;
    private final List<Resource> resources;
    private volatile @Nullable AdminListener listener;

    /** @param resources what can be asked and told there */
    Admin(AdminConfig config, List<Resource> resources) {
        this.config = config;
        this.resources = List.copyOf(resources);
    }

    /**
     * Opens it where the configuration wants it. Without it a proxy is still a proxy; so only who has asked for it in so
     * many words must have it.
     *
     * @throws IOException if it cannot be had and was asked for
     */
    void open() throws IOException {
        Optional<AdminConfig.Bind> bind = config.bind();
        if (bind.isEmpty()) {
            return;
        }
        try {
            AdminToken token = AdminToken.readOrMake(config.tokenFile(), new SecureRandom());
            listener = AdminListener.open(bind.get(), token, new AdminApi(resources));
        } catch (IOException e) {
            if (config.asked()) {
                throw e;
            }
            LOG.warn(
                    "goes on without the admin API, so bans, ban, unban and why will not find this process: {}. Give it"
                            + " an admin {{ bind, token-file }} of its own, or bind = off",
                    e.getMessage());
        }
    }

    /**
     * Opens it where another process is about to free its address. It serves by now, so nothing that goes wrong here may
     * end this one.
     */
    void openWhenFree() {
        long end = System.nanoTime() + WHEN_FREE.toNanos();
        while (true) {
            try {
                open();
                return;
            } catch (IOException e) {
                if (System.nanoTime() - end > 0 || !sleep()) {
                    LOG.error("goes on without the admin API: {}", e.getMessage());
                    return;
                }
            }
        }
    }

    private static boolean sleep() {
        try {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Frees its address; whoever is connected stays so. */
    void stopListening() {
        AdminListener open = listener;
        if (open != null) {
            open.stopListening();
        }
    }

    /** Empty where it is not open. */
    Optional<AdminListener> listener() {
        return Optional.ofNullable(listener);
    }

    /** Ends at once. */
    @Override
    public void close() {
        AdminListener open = listener;
        listener = null;
        if (open != null) {
            open.close();
        }
    }
}
