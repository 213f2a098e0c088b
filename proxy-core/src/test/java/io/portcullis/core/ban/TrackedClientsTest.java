package io.portcullis.core.ban;

import static io.portcullis.core.ban.JailBuilder.jail;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.net.ClientAddress;
import io.portcullis.core.net.ClientKey;
import io.portcullis.core.net.IpAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Memory for counters is bounded, and the bound does not become a way to escape. */
class TrackedClientsTest {

    private static final int BOUND = 1_000;

    private final EngineFixture fixture = new EngineFixture(BOUND, Allowlist.NOBODY);
    private final JailSet shop = jail("forbidden").findTime(Duration.ofDays(1)).on("shop");
    private int nextAddress = 1 << 24;

    @Test
    void aFloodOfNewAddressesNeverGrowsPastTheBound() {
        TrackedClients tracked = new TrackedClients(BOUND, 1);
        tracked.keepFor(Duration.ofDays(1).toMillis());

        for (int i = 0; i < 100_000; i++) {
            tracked.see(key(i), EngineFixture.START);
            assertThat(tracked.size()).isLessThanOrEqualTo(BOUND);
        }
        assertThat(tracked.size()).isGreaterThan(BOUND * 9 / 10);
    }

    @Test
    void theLeastRecentlySeenIsForgottenFirst() {
        TrackedClients tracked = new TrackedClients(3, 1);
        tracked.keepFor(1_000);
        for (int i = 0; i < 3; i++) {
            tracked.see(key(i), EngineFixture.START);
        }
        TrackedClient zero = tracked.see(key(0), EngineFixture.START);

        tracked.see(key(3), EngineFixture.START);

        assertThat(tracked.peek(key(0))).isSameAs(zero);
        assertThat(tracked.peek(key(1))).isNull();
        assertThat(tracked.peek(key(2))).isNotNull();
        assertThat(tracked.peek(key(3))).isNotNull();
    }

    @Test
    void holdsOneClientIfThatIsAllThatIsAllowed() {
        TrackedClients tracked = new TrackedClients(1, 1);
        tracked.keepFor(1_000);
        tracked.see(key(0), EngineFixture.START);

        TrackedClient one = tracked.see(key(1), EngineFixture.START);

        assertThat(tracked.peek(key(0))).isNull();
        assertThat(tracked.peek(key(1))).isSameAs(one);
    }

    @Test
    void clientsAreLetGoOnceNoWindowCanHoldThem() {
        TrackedClients tracked = new TrackedClients(BOUND, 1);
        tracked.keepFor(60_000);
        tracked.see(key(0), EngineFixture.START);
        tracked.keepFor(1_000);

        tracked.expire(EngineFixture.START + 59_999);
        assertThat(tracked.peek(key(0))).isNotNull();
        tracked.expire(EngineFixture.START + 60_000);
        assertThat(tracked.size()).isZero();
    }

    @Test
    void anAttackerAmongAFloodIsBannedAtHisFifthOffence() {
        for (int offence = 1; offence <= 4; offence++) {
            assertThat(fixture.forbid("192.0.2.1", shop)).isNull();
            flood(BOUND * 9 / 10, 1);
        }

        assertThat(fixture.forbid("192.0.2.1", shop)).isNotNull();
    }

    /** By frequency the new attacker would lose against addresses that were made to be seen often before. */
    @Test
    void anAttackerIsNotForgottenForAddressesSeenMoreOftenBefore() {
        flood(BOUND, 4);

        for (int offence = 1; offence <= 4; offence++) {
            assertThat(fixture.forbid("192.0.2.1", shop)).isNull();
            flood(BOUND * 9 / 10, 1);
        }
        assertThat(fixture.forbid("192.0.2.1", shop)).isNotNull();
    }

    /** The price of a bound, and why it is set to many more clients than offend within a window. */
    @Test
    void moreClientsThanTheBoundBetweenTwoOffencesHideTheFirst() {
        for (int offence = 1; offence <= 10; offence++) {
            assertThat(fixture.forbid("192.0.2.1", shop)).isNull();
            flood(BOUND + 1, 1);
        }
    }

    private void flood(int clients, int offences) {
        for (int i = 0; i < clients; i++) {
            ClientAddress client = ClientAddress.direct(IpAddress.ofIpv4(nextAddress++));
            for (int offence = 0; offence < offences; offence++) {
                fixture.engine.observe(
                        new Observation.Answer(client, shop, Request.get("/"), 403, AnswerWeight.UNSAID));
            }
        }
    }

    private static ClientKey key(int i) {
        return ClientKey.of(IpAddress.ofIpv4(i), 64);
    }
}
