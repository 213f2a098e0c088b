package io.portcullis.server.admin;

import java.util.Optional;

/** Puts the configuration into force as it stands now in its files. Thread-safe. */
public interface Reloading {

    /**
     * Loads, checks and applies it, or leaves everything as it is where it has any problem. One at a time: who comes
     * meanwhile waits. Blocks.
     */
    ReloadReport reload();

    /** What became of the last one; empty where there has been none. */
    Optional<ReloadReport> lastReload();
}
