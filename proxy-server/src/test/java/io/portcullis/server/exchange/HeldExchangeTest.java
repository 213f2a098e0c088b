package io.portcullis.server.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.ban.BanOrder;
import io.portcullis.core.ban.BanScope.OneHost;
import io.portcullis.core.config.Defaults;
import io.portcullis.core.config.JailConfig.Tarpit;
import io.portcullis.core.config.UpstreamConfig;
import io.portcullis.core.net.Cidr;
import io.portcullis.server.upstream.EmbeddedEndpoint;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The tarpit: it costs the banned their time, and the proxy next to nothing. There are two places in these rules. */
class HeldExchangeTest {

    private static final String ATTACKER = "198.51.100.7";

    private final UpstreamConfig upstream = Hosts.upstream("shop", 1);
    private final TestRules rules = new TestRules(List.of(Hosts.host("shop", upstream, List.of())));
    private final EmbeddedWorker worker = new EmbeddedWorker(rules);

    @AfterEach
    void release() {
        worker.close();
    }

    private void ban() {
        worker.bans()
                .ban(new BanOrder(
                        Objects.requireNonNull(Cidr.parse(ATTACKER)),
                        new OneHost("shop"),
                        Duration.ofHours(1),
                        Tarpit.TARPIT,
                        "",
                        false));
        worker.runTasks();
    }

    private EmbeddedEndpoint endpoint() {
        EmbeddedEndpoint endpoint =
                EmbeddedEndpoint.pooled(rules.upstream(upstream).destinations().get(0), worker.pool());
        worker.track(endpoint.channel());
        return endpoint;
    }

    private Client tries() {
        Client client = new Client(worker, rules, ATTACKER);
        client.sends(Client.get("shop", "/"));
        return client;
    }

    @Test
    void saysNothingAndReadsNothingUntilItsTimeIsOver() {
        ban();
        Client client = tries();
        worker.pass(Defaults.TARPIT_HOLD.minusSeconds(1));
        assertThat(client.isOpen()).isTrue();
        assertThat(client.isBeingRead())
                .as("or the attacker has the proxy take what it sends")
                .isFalse();
        assertThat(client.received()).isEmpty();
        assertThat(worker.logged()).isEmpty();
        worker.pass(Duration.ofSeconds(2));
        assertThat(client.wasReset()).isTrue();
        assertThat(worker.tarpit().taken()).isZero();
        assertThat(worker.logged()).singleElement().satisfies(line -> {
            assertThat(line.status()).isEqualTo(444);
            assertThat(line.refusedBy()).isEqualTo("by hand");
        });
    }

    @Test
    void keepsNothingOfWhatIsPipelinedBehind_orEachHeldClientCostsItsBuffer() {
        ban();
        Client client = new Client(worker, rules, ATTACKER);
        client.sends(Client.get("shop", "/1") + Client.get("shop", "/2"));
        client.sends(Client.get("shop", "/3").repeat(50)); // a leak would fail the build
        worker.pass(Defaults.TARPIT_HOLD.plusSeconds(1));
        assertThat(client.received()).isEmpty();
        assertThat(worker.logged()).as("one was held, the others never decoded").hasSize(1);
    }

    @Test
    void resetsAtOnceWhereAllPlacesAreTaken_andGivesAPlaceBackWhenAClientGoes() {
        ban();
        Client first = tries();
        Client second = tries();
        Client third = tries();
        assertThat(third.wasReset()).isTrue();
        assertThat(worker.tarpit().taken()).isEqualTo(2);
        first.closes();
        assertThat(worker.tarpit().taken()).isEqualTo(1);
        second.endsInput();
        assertThat(second.isOpen()).isFalse();
        assertThat(worker.tarpit().taken()).isZero();
        assertThat(tries().isOpen()).isTrue();
    }

    @Test
    void resetsAClientThatHasEndedItsHalfAlready_sinceNobodyCouldTellWhenItGoes() {
        endpoint();
        Client client = tries();
        client.endsInput();
        assertThat(client.isOpen()).as("it waits for its answer").isTrue();
        ban();
        assertThat(client.wasReset()).isTrue();
        assertThat(worker.tarpit().taken()).isZero();
    }

    @Test
    void holdsWhatIsUnderWayWhenTheBanFalls_andGivesTheEndpointUp() {
        EmbeddedEndpoint endpoint = endpoint();
        Client client = tries();
        Client idle = new Client(worker, rules, ATTACKER);
        ban();
        assertThat(client.isOpen()).isTrue();
        assertThat(endpoint.isOpen()).as("the application works on for nobody").isFalse();
        assertThat(worker.tarpit().taken()).isEqualTo(1);
        assertThat(idle.isOpen()).as("it may be for another host").isTrue();
        worker.pass(Defaults.TARPIT_HOLD.plusSeconds(1));
        assertThat(client.wasReset()).isTrue();
    }

    @Test
    void isOverAtOnceWhenTheProcessShutsDown_orARestartTakesAsLongAsTheAttackersLike() {
        ban();
        Client client = tries();
        worker.worker().drain(Patience.SHORT);
        worker.runTasks();
        assertThat(client.wasReset()).isTrue();
        assertThat(worker.tarpit().taken()).isZero();
    }
}
