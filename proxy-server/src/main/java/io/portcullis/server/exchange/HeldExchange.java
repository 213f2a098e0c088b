package io.portcullis.server.exchange;

import io.portcullis.core.config.BansConfig.Tarpits;
import java.util.concurrent.TimeUnit;

/**
 * An exchange of a banned client that is left without an answer, so that the client spends its time here and not on
 * another try. Its connection is reset in the end.
 *
 * <p>It costs its request's head and a place among {@link TarpitPlaces}: what the client has sent is thrown away, and
 * what it goes on to send stays in its own kernel, but for what a look takes. Owned by the connection's event loop.
 */
final class HeldExchange implements ExchangeDriver {

    /** Not every transport tells of a client that has gone while its connection is not read. */
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ClientStream stream;
    private final long end;
    private boolean over;

    private HeldExchange(ClientStream stream, long holdNanos) {
        this.stream = stream;
        this.end = now() + holdNanos;
    }

    /** Holds the exchange, or resets its connection where too many are held. */
    static void hold(Exchange exchange) {
        ClientStream stream = exchange.stream();
        Tarpits tarpits = exchange.rules().tarpits();
        // Who has said all already cannot be heard to leave.
        if (stream.reading().isEnded() || !stream.worker().shared.tarpit().take(tarpits.max())) {
            stream.endAndReset();
            return;
        }
        HeldExchange held = new HeldExchange(stream, tarpits.hold().toNanos());
        stream.drivenBy(held);
        stream.stopReading();
        held.await();
    }

    private void await() {
        stream.expectWithin(Math.min(end - now(), LOOK_NANOS));
    }

    @Override
    public void timedOut() {
        if (end - now() <= 0) {
            reset();
        } else {
            stream.channel().read(); // once: is it still there?
            if (!over) {
                await();
            }
        }
    }

    @Override
    public void inputEnded() {
        reset();
    }

    @Override
    public void draining() {
        reset();
    }

    @Override
    public void abandoned() {
        if (!over) {
            over = true;
            stream.worker().shared.tarpit().giveBack();
        }
    }

    private void reset() {
        abandoned();
        stream.endAndReset();
    }

    private long now() {
        return stream.worker().shared.nanoTime().getAsLong();
    }
}
