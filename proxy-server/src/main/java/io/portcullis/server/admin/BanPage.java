package io.portcullis.server.admin;

import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanScope.OneHost;
import io.portcullis.core.net.Cidr;
import io.portcullis.core.net.ClientKey;
import io.portcullis.core.net.IpAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The first so many bans after a place in the order of addresses, out of any number that come in no order.
 *
 * <p>Holds one page and not all bans, and asks for each page anew: a million bans are read page by page while they come
 * and go, and whoever reads slowly holds nothing in the meantime. Used by one thread.
 */
final class BanPage {

    /**
     * A place in the order: the ban behind which a page begins.
     *
     * @param scope a virtual host's name; {@link #ALL_HOSTS} for all
     */
    record Cursor(IpAddress network, int prefixLength, String scope) implements Comparable<Cursor> {

        /** No host's name. */
        private static final String ALL_HOSTS = "*";

        private static final Comparator<Cursor> ORDER = Comparator.comparing(Cursor::network)
                .thenComparingInt(Cursor::prefixLength)
                .thenComparing(Cursor::scope);

        static Cursor of(Ban ban) {
            String scope = ban.scope() instanceof OneHost host ? host.virtualHost() : ALL_HOSTS;
            return new Cursor(ban.client().network(), ban.client().prefixLength(), scope);
        }

        /** What {@link #toString} made, or null where the text is something else. */
        static @Nullable Cursor parse(String text) {
            int blank = text.indexOf(' ');
            Cidr client = blank < 0 ? null : Cidr.parse(text.substring(0, blank));
            return client == null
                    ? null
                    : new Cursor(client.network(), client.prefixLength(), text.substring(blank + 1));
        }

        @Override
        public int compareTo(Cursor other) {
            return ORDER.compare(this, other);
        }

        @Override
        public String toString() {
            return new ClientKey(network, prefixLength) + " " + scope;
        }
    }

    private record Entry(Cursor cursor, Ban ban) {}

    private final int limit;
    private final @Nullable Cursor after;
    /** The last in the order on top, so that the one to give up is at hand. */
    private final PriorityQueue<Entry> kept =
            new PriorityQueue<>(Comparator.comparing(Entry::cursor).reversed());

    private boolean isFollowed;

    BanPage(int limit, @Nullable Cursor after) {
        this.limit = limit;
        this.after = after;
    }

    void offer(Ban ban) {
        Cursor cursor = Cursor.of(ban);
        if (after != null && cursor.compareTo(after) <= 0) {
            return;
        }
        if (kept.size() < limit) {
            kept.add(new Entry(cursor, ban));
            return;
        }
        isFollowed = true;
        Entry last = kept.peek();
        if (last != null && cursor.compareTo(last.cursor()) < 0) {
            kept.poll();
            kept.add(new Entry(cursor, ban));
        }
    }

    /** In order. */
    List<Ban> bans() {
        List<Entry> entries = new ArrayList<>(kept);
        entries.sort(Comparator.comparing(Entry::cursor));
        return entries.stream().map(Entry::ban).toList();
    }

    /** Where the next page begins; null where this is the last. */
    @Nullable
    Cursor next() {
        Entry last = kept.peek();
        return isFollowed && last != null ? last.cursor() : null;
    }
}
