package io.portcullis.server.e2e.kit;

/**
 * How a connection ended for the client.
 *
 * @param received what still came before the end, as ISO 8859-1
 */
public record Ending(How how, String received) {

    /** The ways a connection can end, or not. */
    public enum How {
        /** The peer said that it has no more to send (FIN). */
        EOF,
        /** The peer cut the connection (RST). */
        RESET,
        /** Nothing happened within the time limit. */
        STILL_OPEN
    }

    /** Cut without a single octet: what a banned client gets. */
    public static final Ending SILENT_RESET = new Ending(How.RESET, "");

    public boolean isOver() {
        return how != How.STILL_OPEN;
    }
}
