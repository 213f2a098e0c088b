package io.portcullis.benchmarks.jmh;

import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanScope;
import io.portcullis.core.ban.BanStore;
import io.portcullis.core.ban.Offence;
import io.portcullis.core.ban.Sentence;
import io.portcullis.core.config.BansConfig;
import io.portcullis.core.config.Defaults;
import io.portcullis.core.config.JailConfig.Drop;
import io.portcullis.core.net.ClientKey;
import io.portcullis.core.net.IpAddress;
import io.portcullis.server.store.BanStores;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * How long a million bans take to be written to the store, and to be read by a new process.
 *
 * <p>{@code write PATH [BANS [A_SECOND]]} makes the file, {@code read PATH} reads it: two processes, since what counts is
 * a start with nothing compiled yet.
 */
public final class BanStoreLoad {

    private static final int BANS = 1_000_000;
    private static final int A_SECOND = 10_000;
    /** Those of one pause are made at once, which is harder on the store than one after the other. */
    private static final long PAUSE_MILLIS = 10;

    private static final int OFFENCES = 5;
    private static final List<String> HOSTS = List.of("shop", "blog", "wiki", "mail");

    private BanStoreLoad() {}

    public static void main(String[] arguments) {
        if (arguments.length < 2) {
            throw new IllegalArgumentException("expected: write PATH [BANS [A_SECOND]], or read PATH");
        }
        Path path = Path.of(arguments[1]);
        if (arguments[0].equals("read")) {
            read(path);
        } else {
            int bans = arguments.length > 2 ? Integer.parseInt(arguments[2]) : BANS;
            write(path, bans, arguments.length > 3 ? Integer.parseInt(arguments[3]) : A_SECOND);
        }
    }

    private static BanStore store(Path path) {
        BansConfig config = Defaults.bans().withStore(new BansConfig.Store.InFile(path));
        return BanStores.of(config, config::remember, InstantSource.system(), each -> {
            throw new IllegalStateException("the store could not follow, and asks for what it missed");
        });
    }

    private static void read(Path path) {
        AtomicInteger bans = new AtomicInteger();
        long start = System.nanoTime();
        BanStore store = store(path);
        store.start(ban -> bans.incrementAndGet());
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        store.close();
        System.out.println("read " + bans + " bans in " + millis + " ms");
    }

    private static void write(Path path, int bans, int aSecond) {
        BanStore store = store(path);
        store.start(ban -> {});
        SplittableRandom random = new SplittableRandom(1);
        long start = System.nanoTime();
        for (int made = 0; made < bans; made++) {
            store.banned(ban(random));
            if (made % Math.max(1, aSecond * PAUSE_MILLIS / 1_000) == 0) {
                long due = start + TimeUnit.SECONDS.toNanos(made) / aSecond;
                LockSupport.parkNanos(due - System.nanoTime());
            }
        }
        long made = System.nanoTime();
        store.close();
        long closed = System.nanoTime();
        System.out.println("told of " + bans + " bans in " + TimeUnit.NANOSECONDS.toMillis(made - start)
                + " ms; the last of them written " + TimeUnit.NANOSECONDS.toMillis(closed - made) + " ms later");
    }

    private static Ban ban(SplittableRandom random) {
        long now = System.currentTimeMillis();
        String host = HOSTS.get(random.nextInt(HOSTS.size()));
        Sentence sentence = new Sentence(new BanScope.OneHost(host), "secrets", Drop.DROP, Sentence.Mode.ENFORCED);
        List<Offence> offences = IntStream.range(0, OFFENCES)
                .mapToObj(i -> new Offence(
                        now - 100L * i, host, "secrets", "GET", "/backup/" + random.nextInt() + "/.env", 404))
                .toList();
        ClientKey client = ClientKey.of(IpAddress.ofIpv4(random.nextInt()), 64);
        long until = now + Duration.ofDays(1).toMillis();
        return new Ban(client, sentence, now, until, new Ban.Grounds("", offences));
    }
}
