package io.portcullis.server.store;

import io.portcullis.core.ban.Sentence;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;

/**
 * The file's numbers for sentences: there are few, and a million bans share them. Used by one thread.
 *
 * <p>A number is never given to another sentence while the file is open.
 */
final class Sentences {
    private final MVMap<Integer, byte[]> map;
    private final Map<Integer, Sentence> byNumber = new HashMap<>();
    private final Map<Sentence, Integer> numbers = new HashMap<>();
    private int next = 1;

    Sentences(MVMap<Integer, byte[]> map) {
        this.map = map;
        for (Map.Entry<Integer, byte[]> entry : map.entrySet()) {
            int number = entry.getKey();
            next = Math.max(next, number + 1);
            Wording.sentence(entry.getValue()).ifPresent(sentence -> {
                byNumber.put(number, sentence);
                numbers.put(sentence, number);
            });
        }
    }

    /** Null where the file does not tell. */
    @Nullable
    Sentence get(int number) {
        return byNumber.get(number);
    }

    /** The sentence's number, a new one where it has none. */
    int numberOf(Sentence sentence) {
        Integer known = numbers.get(sentence);
        if (known != null) {
            return known;
        }
        int number = next++;
        map.put(number, Wording.of(sentence));
        byNumber.put(number, sentence);
        numbers.put(sentence, number);
        return number;
    }

    /** Forgets the others: jails and hosts that a configuration had once. */
    void keepOnly(Set<Integer> used) {
        for (Integer number : new HashSet<>(map.keySet())) {
            if (!used.contains(number)) {
                map.remove(number);
                Sentence gone = byNumber.remove(number);
                if (gone != null) {
                    numbers.remove(gone, number);
                }
            }
        }
    }
}
