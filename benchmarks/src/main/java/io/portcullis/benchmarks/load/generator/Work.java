package io.portcullis.benchmarks.load.generator;

import io.netty.util.concurrent.Future;

/** A load at work. Each call is made on the event loop. */
interface Work {

    /** Opens what must stand, and leads in. Done when all is quiet again: nothing is sent until {@link #measure}. */
    Future<Void> prepare();

    /** A round that counts; the next may follow when it is done. Done when its last request has been answered, or given up. */
    Future<Outcome> measure();

    /** Closes every connection. */
    void close();
}
