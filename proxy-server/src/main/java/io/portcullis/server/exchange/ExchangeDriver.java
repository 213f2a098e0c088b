package io.portcullis.server.exchange;

/** Who carries the current exchange on. Called on the connection's event loop only. */
interface ExchangeDriver {

    /** The exchange's time-out struck. */
    void timedOut();

    /** The client's connection is lost or ends now: what is held for the exchange is to be given up. */
    void abandoned();

    /** The client sends no more, but may still read. */
    void inputEnded();

    /** The process shuts down: what nobody waits for ends now. */
    default void draining() {}
}
