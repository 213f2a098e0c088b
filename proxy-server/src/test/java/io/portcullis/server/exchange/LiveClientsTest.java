package io.portcullis.server.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanScope.AllHosts;
import io.portcullis.core.ban.Sentence;
import io.portcullis.core.config.JailConfig.Drop;
import io.portcullis.core.net.ClientKey;
import io.portcullis.core.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A ban reaches all that is alive of its client, and nothing of anybody else's. */
class LiveClientsTest {

    private static final ClientKey ATTACKER = key("198.51.100.7");
    private static final ClientKey VISITOR = key("198.51.100.8");

    private final LiveClients clients = new LiveClients();
    private final List<String> ended = new ArrayList<>();

    private static ClientKey key(String address) {
        return ClientKey.of(Objects.requireNonNull(IpAddress.parse(address)), 64);
    }

    private static Ban ban(ClientKey client) {
        return new Ban(
                client,
                new Sentence(AllHosts.ALL_HOSTS, "j", Drop.DROP, Sentence.Mode.ENFORCED),
                0,
                Ban.FOREVER,
                Ban.Grounds.UNTOLD);
    }

    @Test
    void endsAllOfTheBannedClientAndNothingOfOthers() {
        clients.add(ATTACKER, ban -> ended.add("a1"));
        clients.add(ATTACKER, ban -> ended.add("a2"));
        clients.add(VISITOR, ban -> ended.add("v"));
        clients.endFor(ban(ATTACKER));
        assertThat(ended).containsExactlyInAnyOrder("a1", "a2");
        clients.endFor(ban(key("203.0.113.9")));
        assertThat(ended).hasSize(2);
    }

    @Test
    void aBanOfABlockEndsAllInsideItAndNobodyElse() {
        clients.add(ATTACKER, ban -> ended.add("a"));
        clients.add(VISITOR, ban -> ended.add("v"));
        clients.add(key("2001:db8:0:100::1"), ban -> ended.add("inside"));
        clients.add(key("2001:db8:0:1ff::1"), ban -> ended.add("inside"));
        clients.add(key("2001:db8:0:200::1"), ban -> ended.add("outside"));
        clients.endInside(ban(new ClientKey(Objects.requireNonNull(IpAddress.parse("2001:db8:0:100::")), 56)));
        assertThat(ended).containsExactly("inside", "inside");
        ended.clear();
        clients.endInside(ban(new ClientKey(Objects.requireNonNull(IpAddress.parse("198.51.100.0")), 96 + 29)));
        assertThat(ended).containsExactly("a");
    }

    @Test
    void aBanThatIsNarrowerThanAClientIsForTheClientToJudge() {
        clients.add(key("2001:db8::1"), ban -> ended.add("asked"));
        clients.endInside(ban(new ClientKey(Objects.requireNonNull(IpAddress.parse("2001:db8::5")), 128)));
        assertThat(ended).containsExactly("asked");
    }

    @Test
    void reachesEachThoughTheyRemoveThemselvesAsTheyEnd_orSomeOfTheConnectionsSurviveTheBan() {
        for (int i = 0; i < 32; i++) {
            clients.add(ATTACKER, new LiveClients.Live() {
                @Override
                public void endFor(Ban ban) {
                    ended.add("x");
                    clients.remove(ATTACKER, this);
                }
            });
        }
        clients.endFor(ban(ATTACKER));
        assertThat(ended).hasSize(32);
        clients.endFor(ban(ATTACKER));
        assertThat(ended).as("all are gone").hasSize(32);
    }

    @Test
    void takesNewOnesWhileItEnds() {
        clients.add(ATTACKER, ban -> clients.add(ATTACKER, later -> ended.add("new")));
        clients.endFor(ban(ATTACKER));
        assertThat(ended).isEmpty();
        clients.endFor(ban(ATTACKER));
        assertThat(ended).containsExactly("new");
    }

    @Test
    void forgetsWhoIsGone_orEveryAddressThatEverConnectedStaysInMemory() {
        LiveClients.Live live = ban -> ended.add("x");
        clients.add(ATTACKER, live);
        clients.remove(VISITOR, live);
        clients.remove(ATTACKER, live);
        clients.remove(ATTACKER, live);
        clients.endFor(ban(ATTACKER));
        assertThat(ended).isEmpty();
    }
}
