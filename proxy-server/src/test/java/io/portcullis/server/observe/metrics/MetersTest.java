package io.portcullis.server.observe.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanScope;
import io.portcullis.core.ban.Sentence;
import io.portcullis.core.config.JailConfig.Drop;
import io.portcullis.core.net.ClientKey;
import io.portcullis.core.net.IpAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a scrape reads of what the event loops have counted. */
class MetersTest {

    private static final ClientKey CLIENT = ClientKey.of(IpAddress.ofIpv4(0xC633_6407), 64);

    private long now;
    private final Meters meters = new Meters(2, 1, () -> now);

    private List<String> scrape() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            new MetricsText(List.of(meters)).writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(UTF_8).lines().toList();
    }

    @Test
    void exchangesOfAllEventLoopsAddUpByHostAndStatusClass() {
        HostMeter shop = meters.hosts().of("shop");
        meters.inService(Set.of("shop"), Set.of(), Set.of());
        meters.worker(0).tally(shop).answered(204, 1);
        meters.worker(1).tally(shop).answered(200, 1);
        meters.worker(1).tally(shop).answered(101, 1);
        meters.worker(1).tally(shop).answered(599, 1);
        meters.worker(1).tally(shop).dropped();
        meters.worker(0).tally((HostMeter) null).answered(400, 1);

        assertThat(scrape())
                .contains(
                        "portcullis_exchanges_total{host=\"shop\",status=\"1xx\"} 1.0",
                        "portcullis_exchanges_total{host=\"shop\",status=\"2xx\"} 2.0",
                        "portcullis_exchanges_total{host=\"shop\",status=\"3xx\"} 0.0",
                        "portcullis_exchanges_total{host=\"shop\",status=\"5xx\"} 1.0",
                        "portcullis_exchanges_total{host=\"shop\",status=\"dropped\"} 1.0",
                        "portcullis_exchanges_total{host=\"-\",status=\"4xx\"} 1.0");
    }

    /** An application may answer with any three digits, and must not break what is counted by that. */
    @Test
    void aStatusThatNobodyKnowsIsTheApplicationsFault() {
        meters.worker(0).tally((HostMeter) null).answered(999, 1);
        meters.worker(0).tally((HostMeter) null).answered(444, 1);

        assertThat(scrape())
                .contains(
                        "portcullis_exchanges_total{host=\"-\",status=\"5xx\"} 1.0",
                        "portcullis_exchanges_total{host=\"-\",status=\"dropped\"} 1.0");
    }

    @Test
    void timesAreCumulativeBucketsInSeconds() {
        meters.worker(0).tally((HostMeter) null).lasted(TimeUnit.MILLISECONDS.toNanos(7));
        meters.worker(1).tally((HostMeter) null).lasted(TimeUnit.SECONDS.toNanos(60));

        assertThat(scrape())
                .contains(
                        "portcullis_exchange_duration_seconds_bucket{host=\"-\",le=\"0.005\"} 0",
                        "portcullis_exchange_duration_seconds_bucket{host=\"-\",le=\"0.01\"} 1",
                        "portcullis_exchange_duration_seconds_bucket{host=\"-\",le=\"10.0\"} 1",
                        "portcullis_exchange_duration_seconds_bucket{host=\"-\",le=\"+Inf\"} 2",
                        "portcullis_exchange_duration_seconds_count{host=\"-\"} 2",
                        "portcullis_exchange_duration_seconds_sum{host=\"-\"} 60.007");
    }

    @Test
    void hostsBeyondTheBoundAreCountedTogetherAndSoAreTheirBans() {
        meters.hosts().of("first");
        HostMeter second = meters.hosts().of("second");
        meters.inService(Set.of("first", "second"), Set.of(), Set.of());
        meters.worker(0).tally(second).answered(200, 1);
        meters.bans().banned(ban("second", Sentence.Mode.ENFORCED));

        assertThat(scrape())
                .contains(
                        "portcullis_exchanges_total{host=\"(other)\",status=\"2xx\"} 1.0",
                        "portcullis_bans_made_total{dry_run=\"false\",host=\"(other)\",jail=\"probes\"} 1.0")
                .noneMatch(line -> line.contains("\"second\""));
    }

    @Test
    void bansAreToldByHostAndJailAndWhetherTheyAreMeant() {
        meters.hosts().of("shop");
        meters.inService(Set.of("shop"), Set.of(), Set.of());
        meters.bans().banned(ban("shop", Sentence.Mode.ENFORCED));
        meters.bans().banned(ban("shop", Sentence.Mode.DRY_RUN));
        meters.bans().unbanned(ban("shop", Sentence.Mode.ENFORCED));

        assertThat(scrape())
                .contains(
                        "portcullis_bans_made_total{dry_run=\"false\",host=\"shop\",jail=\"probes\"} 1.0",
                        "portcullis_bans_made_total{dry_run=\"true\",host=\"shop\",jail=\"probes\"} 1.0",
                        "portcullis_bans_lifted_total{dry_run=\"false\",host=\"shop\",jail=\"probes\"} 1.0");
    }

    private static Ban ban(String host, Sentence.Mode mode) {
        Sentence sentence = new Sentence(new BanScope.OneHost(host), "probes", Drop.DROP, mode);
        return new Ban(CLIENT, sentence, 0, 1, Ban.Grounds.UNTOLD);
    }

    @Test
    void bansInForceOfSeveralActionsAreOneSeries() {
        Sentence enforced = ban("shop", Sentence.Mode.ENFORCED).sentence();
        Sentence forced = ban("shop", Sentence.Mode.FORCED).sentence();
        MetricSource active = scrape -> meters.tellActive(Map.of(enforced, 2L, forced, 3L), scrape);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            new MetricsText(List.of(active)).writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }

        assertThat(out.toString(UTF_8))
                .contains("portcullis_bans_active{dry_run=\"false\",host=\"(other)\",jail=\"probes\"} 5.0\n");
    }

    /** If it breaks: nobody sees that an event loop hangs, for one that hangs counts nothing. */
    @Test
    void anEventLoopThatHangsIsSeenWhileItHangs() {
        now += TimeUnit.MILLISECONDS.toNanos(WorkerMeter.TICK_MILLIS);
        meters.worker(0).ticked(now);
        now += TimeUnit.SECONDS.toNanos(3);
        meters.worker(0).ticked(now);

        assertThat(scrape())
                .contains(
                        "portcullis_event_loop_stall_seconds 3.0", // the other one's
                        "portcullis_event_loop_lag_seconds_count 2",
                        "portcullis_event_loop_lag_seconds_bucket{le=\"0.001\"} 1",
                        "portcullis_event_loop_lag_seconds_bucket{le=\"2.5\"} 1",
                        "portcullis_event_loop_lag_seconds_bucket{le=\"5.0\"} 2");
    }

    @Test
    void connectionsInUseAreThoseThatAreNotIdle() {
        EndpointMeter endpoint = meters.endpoints().of("http://127.0.0.1:8080");
        meters.inService(Set.of(), Set.of("http://127.0.0.1:8080"), Set.of());
        EndpointTally here = meters.worker(0).tally(endpoint);
        here.opened();
        here.opened();
        here.idle();
        meters.worker(1).tally(endpoint).opened();
        here.failed(EndpointFailure.CONNECT_TIMEOUT);

        assertThat(scrape())
                .contains(
                        "portcullis_endpoint_connections{endpoint=\"http://127.0.0.1:8080\",state=\"idle\"} 1.0",
                        "portcullis_endpoint_connections{endpoint=\"http://127.0.0.1:8080\",state=\"in-use\"} 2.0",
                        "portcullis_endpoint_failures_total{endpoint=\"http://127.0.0.1:8080\",reason=\"connect-timeout\"} 1.0");
    }

    @Test
    void labelsAreEscaped() {
        meters.hosts().of("a\"b\\c\nd");
        meters.inService(Set.of("a\"b\\c\nd"), Set.of(), Set.of());

        assertThat(scrape()).contains("portcullis_exchanges_total{host=\"a\\\"b\\\\c\\nd\",status=\"2xx\"} 0.0");
    }
}
