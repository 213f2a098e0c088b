package io.portcullis.server.store;

import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.Ban.Grounds;
import io.portcullis.core.ban.BanScope;
import io.portcullis.core.ban.Sentence;
import io.portcullis.core.net.ClientKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.SingleFileStore;
import org.h2.mvstore.type.IntegerDataType;
import org.h2.mvstore.type.LongDataType;
import org.jspecify.annotations.Nullable;

/**
 * An open file of bans: an MVStore of four maps. {@code bans} has few bytes for each, so that a million are read at
 * once; {@code grounds}, which are long and seldom asked for, stand apart in the order in which they came;
 * {@code sentences} has what many bans share, and {@code lifts} what was taken back of late.
 *
 * <p>Used by one thread. Nothing is in the file before {@link #commit}. MVStore starts no thread and writes nothing by
 * itself here: each of its versions is on the disk before the next one may take the place of what that one no longer
 * needs. Whatever throws an exception leaves the file to be closed by {@link #abandon}.
 */
final class BanFile {

    /** What later versions must change when older ones can't read what they write. */
    static final int FORMAT = 1;

    private static final int CACHE_MIB = 8;

    /** Of the chunks' content, in percent: below it some are written anew without what is dead in them. */
    private static final int MIN_CHUNK_FILL = 60;

    /** Of the file, in percent: below it chunks are moved to its beginning and it is cut. */
    private static final int MIN_FILE_FILL = 50;

    /** At each {@link #tidy}: a disk writes it in the time in which new bans may wait. */
    private static final int TIDY_BYTES = 4 << 20;

    /** As bans come in order, only the last page is written again and again: large ones make a quick start. */
    private static final int KEYS_A_PAGE = 256;

    private static final int PAGE_BYTES = 64 << 10;

    private final SingleFileStore disk;
    private final MVStore store;
    private final MVMap<StoredKey, StoredBan> bans;
    private final MVMap<Long, byte[]> grounds;
    private final Sentences sentences;
    private final Lifts lifts;
    private final boolean isNew;
    private long nextGrounds = 1;
    private @Nullable StoredKey purgedTo;
    private List<StoredKey> liftsOfPass = List.of();

    private BanFile(SingleFileStore disk, MVStore store) {
        this.disk = disk;
        this.store = store;
        isNew = store.getMapNames().isEmpty();
        bans = store.openMap(
                "bans",
                new MVMap.Builder<StoredKey, StoredBan>()
                        .keyType(new StoredKeyType())
                        .valueType(new StoredBanType()));
        grounds = store.openMap("grounds", blobs(LongDataType.INSTANCE));
        sentences = new Sentences(store.openMap("sentences", blobs(IntegerDataType.INSTANCE)));
        lifts = new Lifts(
                store.openMap(
                        "lifts",
                        new MVMap.Builder<StoredKey, Long>()
                                .keyType(new StoredKeyType())
                                .valueType(LongDataType.INSTANCE)),
                sentences);
        Long lastGrounds = grounds.lastKey();
        if (lastGrounds != null) {
            nextGrounds = lastGrounds + 1;
        }
    }

    private static <K> MVMap.Builder<K, byte[]> blobs(org.h2.mvstore.type.DataType<K> keys) {
        return new MVMap.Builder<K, byte[]>().keyType(keys).valueType(new BytesType());
    }

    /** How a file is opened. */
    enum Mode {
        NORMAL,
        /** Reads what can be read of a damaged one. */
        SALVAGE
    }

    /** Of a later version. */
    static final class NewerFormatException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NewerFormatException(int format) {
            super("format: " + format + " (expected: 0 to " + FORMAT + ")");
        }
    }

    /**
     * Opens the file, which must exist; an empty one is made a new store.
     *
     * @param disks makes MVStore's view of the disk; it is never told to close by MVStore itself where opening fails
     */
    static BanFile open(Path path, Mode mode, Function<Map<String, Object>, SingleFileStore> disks) {
        SingleFileStore disk = disks.apply(
                mode == Mode.SALVAGE
                        ? Map.of("cacheSize", CACHE_MIB, "recoveryMode", 1)
                        : Map.of("cacheSize", CACHE_MIB));
        boolean whole = false;
        try {
            disk.open(path.toAbsolutePath().toString(), mode == Mode.SALVAGE, null);
            MVStore store = new MVStore.Builder()
                    .adoptFileStore(disk)
                    .autoCommitDisabled()
                    .autoCommitBufferSize(0)
                    .keysPerPage(KEYS_A_PAGE)
                    .pageSplitSize(PAGE_BYTES)
                    .open();
            store.setRetentionTime(0);
            store.setVersionsToKeep(0);
            int format = store.getStoreVersion();
            if (format > FORMAT) {
                throw new NewerFormatException(format);
            }
            BanFile file = new BanFile(disk, store);
            if (file.isNew && !store.isReadOnly()) {
                store.setStoreVersion(FORMAT);
                file.commit();
            }
            whole = true;
            return file;
        } finally {
            if (!whole) {
                closeQuietly(disk);
            }
        }
    }

    /** MVStore leaves the file open, and so locked, after some faults of its own. */
    private static void closeQuietly(SingleFileStore disk) {
        try {
            disk.close();
        } catch (RuntimeException alreadyClosed) {
            // What was thrown before says what is wrong.
        }
    }

    boolean isNew() {
        return isNew;
    }

    boolean isReadOnly() {
        return store.isReadOnly();
    }

    /** Whether the last that was written is missing: MVStore then goes back to what was whole before. */
    boolean isSetBack() {
        return DataUtils.readHexLong(store.getStoreHeader(), "version", 0) > store.getCurrentVersion();
    }

    long size() {
        return bans.sizeAsLong();
    }

    /**
     * Reads every ban, and drops those whose bytes are damaged.
     *
     * @return how many were dropped
     */
    int load(Intake intake, Remembrance remembrance) {
        List<StoredKey> damaged = new ArrayList<>();
        List<StoredKey> lifted = new ArrayList<>();
        Set<Integer> used = new HashSet<>();
        StoredKey previous = null;
        Cursor<StoredKey, StoredBan> cursor = bans.cursor(null);
        while (cursor.hasNext()) {
            StoredKey key = cursor.next();
            StoredBan value = cursor.getValue();
            if (previous != null && key.compareTo(previous) <= 0) {
                // Also what keeps a page that points back to one before it from being read for ever.
                throw DataUtils.newMVStoreException(DataUtils.ERROR_FILE_CORRUPT, "bans out of order");
            }
            Sentence sentence = sentences.get(key.sentence());
            if (sentence == null || !value.isSound(key)) {
                damaged.add(key);
            } else if (lifts.isVoid(key, sentence)) {
                lifted.add(key);
            } else if (remembrance.keeps(sentence, value.until())) {
                intake.give(key, ban(key, value, sentence));
            }
            if (previous == null || previous.sentence() != key.sentence()) {
                used.add(key.sentence());
            }
            previous = key;
        }
        if (!isReadOnly()) {
            damaged.forEach(this::remove);
            lifted.forEach(this::remove);
            lifts.forget(lifts.all());
            sentences.keepOnly(used);
        }
        return damaged.size();
    }

    private static Ban ban(StoredKey key, StoredBan value, Sentence sentence) {
        return new Ban(key.client(), sentence, key.since(), value.until(), Grounds.UNTOLD);
    }

    /**
     * Takes over what a damaged file still tells, at most so many; whatever that file throws only ends it.
     *
     * @return how many
     */
    int salvage(BanFile damaged, Intake intake, long max) {
        int saved = 0;
        Cursor<StoredKey, StoredBan> cursor = damaged.bans.cursor(null);
        // Pages that point to one another would be read for ever.
        for (long read = 0; read < 2 * max && saved < max && cursor.hasNext(); read++) {
            StoredKey key = cursor.next();
            StoredBan value = cursor.getValue();
            Sentence sentence = damaged.sentences.get(key.sentence());
            if (sentence != null && value.isSound(key) && !damaged.lifts.isVoid(key, sentence)) {
                Ban ban = ban(key, value, sentence);
                put(new Ban(ban.client(), sentence, ban.since(), ban.until(), damaged.groundsIfReadable(value)));
                intake.give(key, ban);
                saved++;
            }
        }
        return saved;
    }

    private Grounds groundsIfReadable(StoredBan value) {
        try {
            return groundsOf(value);
        } catch (RuntimeException | AssertionError damaged) {
            return Grounds.UNTOLD;
        }
    }

    /** A ban made again without grounds keeps those that it had. */
    void put(Ban ban) {
        StoredKey key = StoredKey.of(ban.client(), ban.since(), sentences.numberOf(ban.sentence()));
        StoredBan before = bans.get(key);
        boolean told = !ban.grounds().equals(Grounds.UNTOLD);
        long groundsKey = before == null ? 0 : before.grounds();
        if (told) {
            if (groundsKey == 0) {
                groundsKey = nextGrounds++;
            }
            grounds.put(groundsKey, Wording.of(ban.grounds()));
        }
        bans.put(key, StoredBan.of(key, ban.until(), groundsKey));
    }

    /** Deletes a lifted ban, and has those left out that it took the place of ({@link Lifts}). */
    void lift(Ban ban, long now) {
        StoredKey key = StoredKey.of(ban.client(), ban.since(), sentences.numberOf(ban.sentence()));
        remove(key);
        lifts.add(key, now);
    }

    private void remove(StoredKey key) {
        StoredBan gone = bans.remove(key);
        if (gone != null && gone.grounds() != 0) {
            grounds.remove(gone.grounds());
        }
    }

    Grounds grounds(ClientKey client, BanScope scope, long since) {
        Cursor<StoredKey, StoredBan> cursor = bans.cursor(StoredKey.of(client, since, Integer.MIN_VALUE));
        while (cursor.hasNext()) {
            StoredKey key = cursor.next();
            if (!key.isOf(client) || key.since() != since) {
                break;
            }
            Sentence sentence = sentences.get(key.sentence());
            if (sentence != null && sentence.scope().equals(scope)) {
                return groundsOf(cursor.getValue());
            }
        }
        return Grounds.UNTOLD;
    }

    private Grounds groundsOf(StoredBan value) {
        byte @Nullable [] text = value.grounds() == 0 ? null : grounds.get(value.grounds());
        return text == null ? Grounds.UNTOLD : Wording.grounds(text);
    }

    /**
     * Deletes the bans in force that are not among the given, because they were lifted while nobody noted it.
     *
     * @param fingerprints of those that the engine has, sorted
     */
    void retainInForce(long[] fingerprints, long now) {
        List<StoredKey> lifted = new ArrayList<>();
        Cursor<StoredKey, StoredBan> cursor = bans.cursor(null);
        while (cursor.hasNext()) {
            StoredKey key = cursor.next();
            Sentence sentence = sentences.get(key.sentence());
            if (sentence != null && cursor.getValue().until() > now) {
                long print = StoredKey.fingerprint(
                        key.client(), key.since(), sentence.scope().hashCode());
                if (Arrays.binarySearch(fingerprints, print) < 0) {
                    lifted.add(key);
                }
            }
        }
        lifted.forEach(this::remove);
    }

    /**
     * Looks at so many bans, from where the last call ended, and deletes those that are over and forgotten.
     *
     * @return whether that was the last of them
     */
    boolean purge(Remembrance remembrance, int bansToLookAt) {
        if (purgedTo == null) {
            liftsOfPass = lifts.all();
        }
        List<StoredKey> forgotten = new ArrayList<>();
        Cursor<StoredKey, StoredBan> cursor = bans.cursor(purgedTo);
        StoredKey last = null;
        for (int i = 0; i < bansToLookAt && cursor.hasNext(); i++) {
            last = cursor.next();
            Sentence sentence = sentences.get(last.sentence());
            long until = cursor.getValue().until();
            if (sentence == null || !remembrance.keeps(sentence, until) || lifts.isVoid(last, sentence)) {
                forgotten.add(last);
            }
        }
        purgedTo = cursor.hasNext() ? last : null;
        forgotten.forEach(this::remove);
        if (purgedTo == null) {
            lifts.forget(liftsOfPass);
        }
        return purgedTo == null;
    }

    /** Puts all changes on the disk. */
    void commit() {
        if (store.hasUnsavedChanges()) {
            store.commit();
            store.sync();
        }
    }

    /** Gives space back that dead versions take, a bounded amount at a time. */
    void tidy() {
        if (store.compact(MIN_CHUNK_FILL, TIDY_BYTES)) {
            commit();
        }
        if (disk.getFillRate() < MIN_FILE_FILL) {
            disk.compactMoveChunks(MIN_FILE_FILL, TIDY_BYTES, store);
        }
    }

    /** Closes the file with what was committed and what was not. */
    void close() {
        try {
            store.close();
        } finally {
            abandon();
        }
    }

    /** Closes the file as it is; never throws. */
    void abandon() {
        store.closeImmediately();
    }
}
