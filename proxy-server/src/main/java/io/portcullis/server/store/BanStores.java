package io.portcullis.server.store;

import io.portcullis.core.ban.BanStore;
import io.portcullis.core.config.BansConfig;
import io.portcullis.core.config.BansConfig.Store;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;

/** Makes the store that the configuration asks for. */
public final class BanStores {

    /** Grounds of 10 offences take some 2 kB, and the last are the ones that people ask about. */
    private static final int GROUNDS_IN_MEMORY = 20_000;

    private BanStores() {}

    /**
     * The store, not started. Nothing is opened before {@link BanStore#start}.
     *
     * @param clock as the engine's
     * @param remember how long bans that are over are remembered, as the configuration in force has it
     * @param inForce what the engine holds, for when the store has missed some of it
     */
    public static BanStore of(
            BansConfig config, Supplier<Duration> remember, InstantSource clock, BansInForce inForce) {
        if (config.store() instanceof Store.InFile inFile) {
            // Half for those in force, half for those that are remembered.
            FileBanStore.Bounds bounds =
                    new FileBanStore.Bounds(remember, 2L * config.bounds().maxBans());
            return new ReleasableBanStore(
                    () -> new FileBanStore(BanFolder.at(inFile.path(), clock), bounds, clock, inForce), inForce);
        }
        return new MemoryBanStore(Math.min(GROUNDS_IN_MEMORY, config.bounds().maxBans()));
    }
}
