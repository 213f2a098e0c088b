package io.portcullis.core.ban;

import io.portcullis.core.config.JailConfig.Action;
import io.portcullis.core.net.ClientKey;
import java.util.List;

/**
 * A client is refused within a scope until a time.
 *
 * @param since in milliseconds since the epoch
 * @param until in milliseconds since the epoch, exclusive; {@link #FOREVER} for a ban that only a person ends
 * @param grounds {@link Grounds#UNTOLD} where they are not at hand: the store keeps them
 */
public record Ban(ClientKey client, Sentence sentence, long since, long until, Grounds grounds) {

    public static final long FOREVER = Long.MAX_VALUE;

    /**
     * Why a client was banned.
     *
     * @param reason in a person's words, or the engine's; empty where the offences say it
     * @param offences the last that led to it, oldest first, at most 10
     */
    public record Grounds(String reason, List<Offence> offences) {

        public static final Grounds UNTOLD = new Grounds("", List.of());

        public Grounds {
            offences = List.copyOf(offences);
        }
    }

    public BanScope scope() {
        return sentence.scope();
    }

    /** The jail that banned. */
    public String jail() {
        return sentence.jail();
    }

    public Action action() {
        return sentence.action();
    }

    /** Whether it refuses nobody, and only tells what would have been. */
    public boolean isDryRun() {
        return sentence.mode() == Sentence.Mode.DRY_RUN;
    }

    public List<Offence> evidence() {
        return grounds.offences();
    }

    /**
     * Whether the ban has run out.
     *
     * @param now in milliseconds since the epoch
     */
    public boolean isOver(long now) {
        return until != FOREVER && now >= until;
    }
}
