package io.portcullis.core.ban;

/**
 * Told of every change of the ban list. Called on the thread that made the change, after it is in force; must neither
 * block nor throw. The calls about one client come in the order of the changes; for that the client's lock is held, so a
 * listener must not call the engine about another client.
 */
public interface BanListener {

    /** A dry-run jail's ban is told too: {@link Ban#isDryRun} says so, and it refuses nobody. */
    void banned(Ban ban);

    /**
     * Taken back by a person, or by the engine because the application was at fault; one that runs out is not told. What
     * it had replaced (the same client and scope, for a shorter time) is taken back with it, and is not told.
     */
    void unbanned(Ban ban);
}
