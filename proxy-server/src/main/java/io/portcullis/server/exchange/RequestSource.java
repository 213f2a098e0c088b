package io.portcullis.server.exchange;

/** Where a connection's requests come from: its decoder. Called on the connection's event loop only. */
public interface RequestSource {

    /** Before the decoder is attached: nothing comes. */
    RequestSource NONE = new RequestSource() {
        @Override
        public void nextRequest() {}

        @Override
        public void discard() {}

        @Override
        public boolean hasPending() {
            return false;
        }

        @Override
        public boolean needsMore() {
            return true;
        }
    };

    /** The exchange has ended; the next request may be decoded. */
    void nextRequest();

    /** Nothing that still comes is wanted: what is buffered goes, and what arrives is thrown away. */
    void discard();

    /** Whether octets wait that belong to no exchange yet. */
    boolean hasPending();

    /** Whether the next request is not whole in what has come, so that there is none if nothing more comes. */
    boolean needsMore();
}
