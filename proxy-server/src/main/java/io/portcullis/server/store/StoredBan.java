package io.portcullis.server.store;

/**
 * What the file holds of a ban beside its key.
 *
 * @param grounds under which the grounds stand; 0 where there are none
 * @param check over key and value: MVStore's pages have no checksum of their content, and a flipped bit must not ban
 *     somebody else
 */
record StoredBan(long until, long grounds, int check) {

    static StoredBan of(StoredKey key, long until, long grounds) {
        return new StoredBan(until, grounds, checkOf(key, until, grounds));
    }

    boolean isSound(StoredKey key) {
        return check == checkOf(key, until, grounds);
    }

    private static int checkOf(StoredKey key, long until, long grounds) {
        long mixed = StoredKey.mix(key.high());
        mixed = StoredKey.mix(mixed ^ key.low());
        mixed = StoredKey.mix(mixed ^ key.since());
        mixed = StoredKey.mix(mixed ^ ((long) key.prefixLength() << 32 | (key.sentence() & 0xFFFF_FFFFL)));
        mixed = StoredKey.mix(mixed ^ until);
        return (int) StoredKey.mix(mixed ^ grounds);
    }
}
