package io.portcullis.server.observe;

/** Where finished exchanges are written, one line each. */
public interface AccessLog {

    /** Whether records are wanted now. Cheap: asked for each exchange. */
    default boolean isOn() {
        return true;
    }

    /** Takes a record over. Called on event loops: neither blocks nor throws, and drops the record where it must. */
    void record(AccessRecord entry);

    /** How many records were dropped since the start. From any thread. */
    default long dropped() {
        return 0;
    }
}
