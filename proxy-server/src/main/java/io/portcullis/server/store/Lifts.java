package io.portcullis.server.store;

import io.portcullis.core.ban.BanScope;
import io.portcullis.core.ban.Sentence;
import io.portcullis.core.net.ClientKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.h2.mvstore.MVMap;

/**
 * Bans that were taken back of late. Used by one thread.
 *
 * <p>A ban takes the place of a shorter one of the same client and scope, which stays in the file as one to remember.
 * When the longer is lifted, the shorter must not be in force after a restart. As bans stand in the order of time, a
 * client's others are not looked for at once: whoever next reads all of them leaves those out.
 */
final class Lifts {

    private final MVMap<StoredKey, Long> map;
    private final Sentences sentences;
    private final Map<Place, Long> latest = new HashMap<>();

    /** What one ban can take the place of another in. */
    private record Place(ClientKey client, BanScope scope, boolean onTrial) {
        static Place of(StoredKey key, Sentence sentence) {
            return new Place(key.client(), sentence.scope(), sentence.mode() == Sentence.Mode.DRY_RUN);
        }
    }

    Lifts(MVMap<StoredKey, Long> map, Sentences sentences) {
        this.map = map;
        this.sentences = sentences;
        map.keySet().forEach(this::note);
    }

    private void note(StoredKey lifted) {
        Sentence sentence = sentences.get(lifted.sentence());
        if (sentence != null) {
            latest.merge(Place.of(lifted, sentence), lifted.since(), Math::max);
        }
    }

    void add(StoredKey lifted, long now) {
        map.put(lifted, now);
        note(lifted);
    }

    /** Whether it was made before one that has been lifted: whoever is let in again begins anew. */
    boolean isVoid(StoredKey key, Sentence sentence) {
        if (latest.isEmpty()) {
            return false;
        }
        Long since = latest.get(Place.of(key, sentence));
        return since != null && key.since() < since;
    }

    List<StoredKey> all() {
        return new ArrayList<>(map.keySet());
    }

    /** What they void is gone from the file. */
    void forget(List<StoredKey> lifted) {
        lifted.forEach(map::remove);
        latest.clear();
        map.keySet().forEach(this::note);
    }
}
