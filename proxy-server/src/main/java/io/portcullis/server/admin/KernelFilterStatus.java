package io.portcullis.server.admin;

import java.util.Locale;

/**
 * Whether the kernel refuses for the listeners.
 *
 * @param why it is not to be had; empty where it is, or is not wanted
 */
public record KernelFilterStatus(State state, String why) {

    public enum State {
        /** It refuses the loudest, or would if there were any. */
        ON,
        /** The configuration wants none. */
        OFF,
        UNAVAILABLE;

        /** As the admin API has it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public static final KernelFilterStatus ON = new KernelFilterStatus(State.ON, "");
    public static final KernelFilterStatus OFF = new KernelFilterStatus(State.OFF, "");

    public static KernelFilterStatus unavailable(String why) {
        return new KernelFilterStatus(State.UNAVAILABLE, why);
    }
}
