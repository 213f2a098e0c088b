package io.portcullis.server.admin;

import io.portcullis.server.observe.metrics.MetricsText;
import io.portcullis.server.observe.metrics.Scrape;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** {@code /metrics}: what Prometheus scrapes. Has no version in its path, since that is where everybody looks. */
public final class MetricsResource implements Resource {

    private static final String PATH = "/metrics";

    private final MetricsText text;
    private final BooleanSupplier withoutToken;

    /** @param withoutToken {@code admin.metrics.without-token}, as it is now */
    public MetricsResource(MetricsText text, BooleanSupplier withoutToken) {
        this.text = text;
        this.withoutToken = withoutToken;
    }

    @Override
    public String path() {
        return PATH;
    }

    @Override
    public boolean isPublic() {
        return withoutToken.getAsBoolean();
    }

    @Override
    public AdminAnswer answer(AdminRequest request) throws Refusal {
        request.expect("GET", PATH, Set.of());
        return new AdminAnswer(200, Scrape.CONTENT_TYPE, text::writeTo);
    }
}
