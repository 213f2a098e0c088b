package io.portcullis.server.runtime;

import io.portcullis.core.config.AdminConfig;
import io.portcullis.server.admin.AdminApi;
import io.portcullis.server.admin.AdminListener;
import io.portcullis.server.admin.AdminToken;
import io.portcullis.server.admin.Resource;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way in for operators, while it is open. Opened and closed by one thread; asked by any. */
final class Admin implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Admin.class);

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
