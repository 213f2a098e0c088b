package io.portcullis.server.observe;

import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanListener;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells each ban: the operator, among what else he is told, or a log of its own, but never both.
 *
 * <p>Called on event loops; does not block because the appender behind the logger is asynchronous and drops rather than
 * waits ({@code logback.xml}), and so does {@link LineLog}.
 */
final class BanLog implements BanListener {
    static final String NAME = "io.portcullis.bans";

    private static final Logger LOG = LoggerFactory.getLogger(NAME);
    private static final int USUAL_LENGTH = 256;

    private final LineLog<BanEvent> own;
    private final InstantSource clock;
    private volatile boolean tellsOperator;

    /** @param own where bans go that do not go to the operator's log; it may be off */
    BanLog(LineLog<BanEvent> own, InstantSource clock) {
        this.own = own;
        this.clock = clock;
    }

    /** Whether bans are told the operator where there is no log of their own, from now on. */
    void tellOperator(boolean told) {
        tellsOperator = told;
    }

    @Override
    public void banned(Ban ban) {
        tell(BanEvent.Kind.BANNED, ban);
    }

    @Override
    public void unbanned(Ban ban) {
        tell(BanEvent.Kind.UNBANNED, ban);
    }

    private void tell(BanEvent.Kind kind, Ban ban) {
        boolean isOwn = own.isOn();
        if (!isOwn && !tellsOperator) {
            return;
        }
        BanEvent event = new BanEvent(clock.millis(), kind, ban);
        if (isOwn) {
            own.record(event);
        } else {
            LineBuffer line = new LineBuffer(USUAL_LENGTH);
            BanText.append(event, line);
            LOG.info("{}", line);
        }
    }
}
