package io.portcullis.core.ban;

import io.portcullis.core.ban.BanScope.OneHost;
import io.portcullis.core.config.JailConfig.Drop;
import io.portcullis.core.net.ClientKey;
import io.portcullis.core.net.Denylist;
import io.portcullis.core.net.IpAddress;
import java.lang.ref.Reference;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * What the lists cost of the heap: 1,000,000 bans at the worst and the best moment of their tables' growth, and
 * 10,000,000 denylisted addresses. That the denylist builds in little shows when the program runs with {@code -Xmx400m}.
 */
public final class HeapOfLists {

    private static final int BANS = 1_000_000;
    private static final int DENYLISTED = 10_000_000;

    private HeapOfLists() {}

    public static void main(String[] arguments) {
        System.out.printf("%,d bans: %.1f MB%n", BANS, megabytes(() -> bans(BANS)));
        double most = 0;
        for (int bans = BANS / 2; bans <= BANS; bans += BANS / 50) {
            int count = bans;
            most = Math.max(most, megabytes(() -> bans(count)) / count);
        }
        System.out.printf("at most %.1f bytes a ban for any number from %,d on%n", most * (1 << 20), BANS / 2);
        long start = System.nanoTime();
        System.out.printf("%,d denylisted /32s: %.1f MB", DENYLISTED, megabytes(HeapOfLists::denylist));
        System.out.printf(", built in %,d ms%n", (System.nanoTime() - start) / 1_000_000);
    }

    private static Object bans(int count) {
        BanList list = new BanList(2 * BANS, 42);
        Sentence sentence = new Sentence(new OneHost("shop"), "forbidden", Drop.DROP, Sentence.Mode.ENFORCED);
        for (int i = 0; i < count; i++) {
            ClientKey client = new ClientKey(IpAddress.ofIpv4(i * 0x9E37_79B1), 128);
            list.put(new Ban(client, sentence, 1, 1_000_000 + i, Ban.Grounds.UNTOLD), 1);
        }
        return list;
    }

    private static Object denylist() {
        SplittableRandom random = new SplittableRandom(3);
        Denylist.Builder builder = Denylist.builder();
        for (int i = 0; i < DENYLISTED; i++) {
            builder.add(0, IpAddress.ofIpv4(random.nextInt()).low(), 128);
        }
        return builder.build();
    }

    private static double megabytes(Supplier<Object> made) {
        long before = used();
        Object held = made.get();
        try {
            return (used() - before) / (double) (1 << 20);
        } finally {
            Reference.reachabilityFence(held);
        }
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
