package io.portcullis.server.exchange;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the operator what went wrong with the applications: at most once a second for each upstream, so that a busy one
 * hides no other's reason. The access log has every single one.
 *
 * <p>Remembers a bounded number of upstreams, since their names change with the configuration. Owned by one event loop.
 */
final class UpstreamFaults {

    private static final Logger LOG = LoggerFactory.getLogger(UpstreamFaults.class);

    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int MAX_UPSTREAMS = 1_000;

    private static final class Told {
        private long at;
        private int untold;

        Told(long at) {
            this.at = at;
        }
    }

    private final Map<String, Told> byUpstream = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Told> leastRecent) {
            return size() > MAX_UPSTREAMS;
        }
    };

    /**
     * @param outcome what the client got of it
     * @param now as {@link System#nanoTime}
     */
    void tell(Exchange exchange, Fault fault, String outcome, long now) {
        Told told = byUpstream.get(fault.upstream());
        int untold = 0;
        if (told == null) {
            byUpstream.put(fault.upstream(), new Told(now));
        } else if (now - told.at < INTERVAL_NANOS) {
            told.untold++;
            return;
        } else {
            untold = told.untold;
            told.at = now;
            told.untold = 0;
        }
        LOG.warn(
                "{} {}: {} ({}, request id {}{})",
                fault.upstream(),
                exchange.method(),
                fault.getMessage(),
                outcome,
                exchange.requestId(),
                untold == 0 ? "" : "; " + untold + " more since the last such line");
    }
}
