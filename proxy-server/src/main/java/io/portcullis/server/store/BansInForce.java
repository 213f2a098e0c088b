package io.portcullis.server.store;

import io.portcullis.core.ban.Ban;
import java.util.function.Consumer;

/** The bans that the engine holds, for a store that missed some of them while its disk was away. */
@FunctionalInterface
public interface BansInForce {

    /**
     * Gives each ban in force, those on trial among them; grounds are not needed. Called on the store's thread, never
     * during {@link io.portcullis.core.ban.BanStore#start}. A ban that is made or taken back meanwhile may be given or
     * not.
     */
    void forEach(Consumer<Ban> each);
}
