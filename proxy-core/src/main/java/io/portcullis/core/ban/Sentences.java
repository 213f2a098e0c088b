package io.portcullis.core.ban;

import io.portcullis.core.ban.Sentence.Mode;
import io.portcullis.core.ban.Verdict.Refuse;
import io.portcullis.core.config.JailConfig.Drop;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Every sentence that a ban was ever made with, each once and under a number, with its refusal made beforehand.
 *
 * <p>None is ever taken out: there are as many as virtual hosts times jails, which the operator chooses, and no stranger.
 *
 * <p>Reads take no lock. A number that one thread got is known to all who learn of it from that thread.
 */
final class Sentences {

    /** What fits into a ban's meta word: far more than virtual hosts times jails. */
    static final int MAX = 1 << 24;

    private final ConcurrentHashMap<Sentence, Integer> numbers = new ConcurrentHashMap<>();
    private volatile Numbered[] byNumber = {};
    private volatile boolean isAnyForcedToAnswer;

    /**
     * A sentence under its number.
     *
     * @param rank of two that cover a request the one with the higher rank is obeyed: one that is forced, since else an
     *     exempt client would be let through by the other; then one that drops, since the accept tier knows only those
     * @param refuses whether it refuses anybody
     */
    record Numbered(Refuse refusal, BanScope scope, int rank, boolean refuses) {

        static Numbered of(Sentence sentence) {
            int forced = sentence.mode() == Mode.FORCED ? 2 : 0;
            int drops = sentence.action() == Drop.DROP ? 1 : 0;
            return new Numbered(
                    new Refuse(sentence), sentence.scope(), forced + drops, sentence.mode() != Mode.DRY_RUN);
        }

        boolean drops() {
            return (rank & 1) != 0;
        }

        boolean isForced() {
            return (rank & 2) != 0;
        }

        boolean isForAllHosts() {
            return scope == BanScope.AllHosts.ALL_HOSTS;
        }

        /** Whether a client has at most one ban of the two. */
        boolean isSamePlaceAs(Numbered other) {
            return refusal.sentence().mode() == other.refusal.sentence().mode() && scope.equals(other.scope);
        }
    }

    int numberOf(Sentence sentence) {
        Integer number = numbers.get(sentence);
        return number != null ? number : add(sentence);
    }

    /** Null only for what was read while it was written, which the reader is about to find out. */
    @Nullable
    Numbered peek(int number) {
        Numbered[] all = byNumber;
        return number < all.length ? all[number] : null;
    }

    /** How many there are; their numbers are those below. */
    int count() {
        return byNumber.length;
    }

    /** Whether there was ever one that is obeyed before those that drop, and answers. */
    boolean isAnyForcedToAnswer() {
        return isAnyForcedToAnswer;
    }

    Numbered get(int number) {
        return byNumber[number];
    }

    private synchronized int add(Sentence sentence) {
        Integer number = numbers.get(sentence);
        if (number != null) {
            return number;
        }
        Numbered[] all = byNumber;
        if (all.length == MAX) {
            throw new IllegalStateException("distinct sentences: " + MAX + " (expected: as many as jails)");
        }
        Numbered[] more = Arrays.copyOf(all, all.length + 1);
        Numbered added = Numbered.of(sentence);
        more[all.length] = added;
        isAnyForcedToAnswer |= added.isForced() && !added.drops();
        byNumber = more;
        numbers.put(sentence, all.length);
        return all.length;
    }
}
