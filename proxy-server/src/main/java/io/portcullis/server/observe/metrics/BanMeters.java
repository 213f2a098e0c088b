package io.portcullis.server.observe.metrics;

import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanListener;
import io.portcullis.core.ban.BanScope;
import io.portcullis.core.ban.Sentence;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/** Counts the bans that are made and taken back, by host and jail. Thread-safe. */
public final class BanMeters implements BanListener {

    /** Virtual hosts times jails are far fewer, but many reloads could name many jails. */
    static final int MOST = 10_000;

    private static final String ALL_HOSTS = "(all)";

    private final Function<String, String> hostLabels;
    private final Map<Label, LongAdder> made = new ConcurrentHashMap<>();
    private final Map<Label, LongAdder> lifted = new ConcurrentHashMap<>();

    /** What a ban is told by. */
    record Label(String host, String jail, boolean dryRun) {
        String[] values() {
            return new String[] {host, jail, Boolean.toString(dryRun)};
        }
    }

    /** @param hostLabels under which name a virtual host is told */
    BanMeters(Function<String, String> hostLabels) {
        this.hostLabels = hostLabels;
    }

    @Override
    public void banned(Ban ban) {
        count(made, ban);
    }

    @Override
    public void unbanned(Ban ban) {
        count(lifted, ban);
    }

    private void count(Map<Label, LongAdder> counts, Ban ban) {
        Label label = label(ban.sentence());
        if (!counts.containsKey(label) && counts.size() >= MOST) {
            label = new Label(Named.OTHERS, Named.OTHERS, ban.isDryRun());
        }
        LongAdder count = counts.get(label); // without a lock, which computeIfAbsent may take for one that is there
        (count != null ? count : counts.computeIfAbsent(label, fresh -> new LongAdder())).increment();
    }

    Label label(Sentence sentence) {
        String host =
                sentence.scope() instanceof BanScope.OneHost one ? hostLabels.apply(one.virtualHost()) : ALL_HOSTS;
        return new Label(host, sentence.jail(), sentence.mode() == Sentence.Mode.DRY_RUN);
    }

    void writeTo(Scrape scrape) {
        write(Metric.BANS_MADE, made, scrape);
        write(Metric.BANS_LIFTED, lifted, scrape);
    }

    private void write(Metric metric, Map<Label, LongAdder> counts, Scrape scrape) {
        // Of hosts that have lost their series nothing is kept.
        counts.keySet()
                .removeIf(label -> !label.host.startsWith("(")
                        && !hostLabels.apply(label.host).equals(label.host));
        counts.forEach((label, count) -> scrape.value(metric, (double) count.sum(), label.values()));
    }
}
