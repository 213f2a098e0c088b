package io.portcullis.server.observe.metrics;

/** A part of the process that has something to tell a scrape. Called on threads that may block. */
public interface MetricSource {

    /** Tells what it knows now. */
    void tell(Scrape scrape);
}
