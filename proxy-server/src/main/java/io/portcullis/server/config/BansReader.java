package io.portcullis.server.config;

import io.portcullis.core.config.BansConfig;
import io.portcullis.core.config.BansConfig.Bounds;
import io.portcullis.core.config.BansConfig.KernelFilter;
import io.portcullis.core.config.BansConfig.Prefixes;
import io.portcullis.core.config.BansConfig.SickUpstream;
import io.portcullis.core.config.BansConfig.Store;
import io.portcullis.core.config.BansConfig.Tarpits;
import io.portcullis.core.config.Defaults;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Reads {@code bans}. */
final class BansReader {

    private static final int MOST_TRACKED_CLIENTS = 10_000_000;
    private static final int MOST_BANS = 20_000_000;
    private static final int MOST_HOSTS = 10_000;
    /** There are no more /64s in a /56, nor /56s in a /48. */
    private static final int MOST_PREFIXES = 256;

    private static final int MOST_CLIENTS = 10_000;
    private static final int MOST_TARPITS = 1_000_000;
    private static final Duration LONGEST_HOLD = Duration.ofHours(1);

    /** Where a relative path begins that nobody names: the main file. */
    private final Place main;

    private BansReader(Place main) {
        this.main = main;
    }

    static BansConfig read(Section section) {
        return section.block("bans", new BansReader(section.place())::bans);
    }

    private BansConfig bans(Section section) {
        return new BansConfig(
                section.number("promote-after", 0, MOST_HOSTS, Defaults.PROMOTE_AFTER),
                new Prefixes(
                        section.number("ipv6-prefix", 16, 128, Defaults.IPV6_PREFIX),
                        section.number("widen-after", 0, MOST_PREFIXES, Defaults.WIDEN_AFTER)),
                new Bounds(
                        section.number("tracked-clients", 1, MOST_TRACKED_CLIENTS, Defaults.TRACKED_CLIENTS),
                        section.number("max-bans", 1, MOST_BANS, Defaults.MAX_BANS)),
                section.duration("remember", Defaults.REMEMBER),
                section.read("unban-grace", Setting::durationOrNone, Defaults.UNBAN_GRACE),
                section.block("sick-upstream", BansReader::sickUpstream),
                section.block("tarpit", BansReader::tarpits),
                section.choice("kernel-filter", List.of(KernelFilter.values()), Setting::word, Defaults.KERNEL_FILTER),
                section.block("store", this::store));
    }

    private static SickUpstream sickUpstream(Section section) {
        return new SickUpstream(
                section.number("share", 0, 100, Defaults.SICK_SHARE),
                section.number("min-clients", 1, MOST_CLIENTS, Defaults.SICK_MIN_CLIENTS));
    }

    private static Tarpits tarpits(Section section) {
        return new Tarpits(
                section.number("max", 0, MOST_TARPITS, Defaults.TARPIT_MAX),
                section.read(
                        "hold", setting -> setting.duration(Duration.ofMillis(1), LONGEST_HOLD), Defaults.TARPIT_HOLD));
    }

    private Store store(Section section) {
        StoreType type = section.choice("type", List.of(StoreType.values()), Setting::word, StoreType.FILE);
        Given<Path> path = section.readIfGiven("path", Given.of(Setting::path));
        if (type == StoreType.FILE) {
            return new Store.InFile(Given.orElse(path, main.resolve(Defaults.STORE_PATH)));
        }
        if (path != null) {
            path.setting().problem("has no meaning with type = memory (expected no such key)");
        }
        return Store.Memory.MEMORY;
    }

    /** As the key {@code type} has it. */
    private enum StoreType {
        FILE,
        MEMORY
    }
}
