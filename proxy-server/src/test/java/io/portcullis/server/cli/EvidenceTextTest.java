package io.portcullis.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanEngine;
import io.portcullis.core.ban.BanScope;
import io.portcullis.core.ban.BanScope.AllHosts;
import io.portcullis.core.ban.BanScope.OneHost;
import io.portcullis.core.ban.Evidence;
import io.portcullis.core.ban.Offence;
import io.portcullis.core.ban.Sentence;
import io.portcullis.core.ban.Sentence.Mode;
import io.portcullis.core.config.JailConfig.Drop;
import io.portcullis.core.net.Cidr;
import io.portcullis.core.net.ClientKey;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who asks why is told in lines that say it all, and that no stranger can write in. */
class EvidenceTextTest {

    private static final ClientKey CLIENT = key("192.0.2.7");
    private static final OneHost SHOP = new OneHost("shop");
    private static final Offence ADMIN = new Offence(1_000, "shop", "forbidden", "GET", "/admin", 403);

    private static ClientKey key(String text) {
        Cidr block = Objects.requireNonNull(Cidr.parse(text));
        return new ClientKey(block.network(), block.prefixLength());
    }

    private static Ban ban(ClientKey client, BanScope scope, String jail, Mode mode, Ban.Grounds grounds) {
        return new Ban(client, new Sentence(scope, jail, Drop.DROP, mode), 0, 3_600_000, grounds);
    }

    private static Evidence evidence(List<Ban> bans) {
        return new Evidence(CLIENT, Optional.empty(), Optional.empty(), List.of(), List.of(), bans, List.of());
    }

    @Test
    void nothingIsSaidToBeNothing() {
        assertThat(EvidenceText.lines(evidence(List.of()))).containsExactly("nothing is held against 192.0.2.7");
    }

    @Test
    void aBanIsToldWithWhatLedToIt() {
        Ban.Grounds grounds = new Ban.Grounds("", List.of(ADMIN));
        assertThat(EvidenceText.lines(evidence(List.of(ban(CLIENT, SHOP, "forbidden", Mode.ENFORCED, grounds)))))
                .containsExactly(
                        "192.0.2.7 is banned",
                        "  on host shop by jail forbidden, since 1970-01-01T00:00:00Z, until 1970-01-01T01:00:00Z, for",
                        "    1970-01-01T00:00:01.000Z  shop  GET /admin -> 403");
    }

    @Test
    void aBanByHandHasItsReasonAndAWiderOneItsBlock() {
        Ban byHand = new Ban(
                key("192.0.2.0/24"),
                new Sentence(AllHosts.ALL_HOSTS, BanEngine.BY_HAND, Drop.DROP, Mode.FORCED),
                0,
                Ban.FOREVER,
                new Ban.Grounds("\u001b[31m", List.of()));
        assertThat(EvidenceText.lines(evidence(List.of(byHand))))
                .containsExactly(
                        "192.0.2.7 is banned",
                        "  192.0.2.0/24 on all hosts by hand, even if exempt, since 1970-01-01T00:00:00Z, forever,"
                                + " because \"\\x1B[31m\"");
    }

    /** If it breaks: an operator takes a jail on trial for one that bans. */
    @Test
    void aDryRunSaysThatItRefusesNobody() {
        Ban onTrial = ban(CLIENT, SHOP, "trial", Mode.DRY_RUN, Ban.Grounds.UNTOLD);
        assertThat(EvidenceText.lines(evidence(List.of(onTrial))))
                .containsExactly(
                        "192.0.2.7 is not banned",
                        "  dry run, refuses nobody: on host shop by jail trial, since 1970-01-01T00:00:00Z, until"
                                + " 1970-01-01T01:00:00Z");
    }

    @Test
    void exemptionDenylistCountersAndThePastAreTold() {
        Evidence all = new Evidence(
                CLIENT,
                Optional.of("allowlist"),
                Optional.ofNullable(Cidr.parse("192.0.2.0/25")),
                List.of(new Evidence.Counter("shop", "forbidden", 2, 5, Duration.ofSeconds(90))),
                List.of(ADMIN, new Offence(2_000, "", "slow", "", "", 0)),
                List.of(),
                List.of(new Evidence.PastBan(AllHosts.ALL_HOSTS, "recidive", 0)));
        assertThat(EvidenceText.lines(all))
                .containsExactly(
                        "192.0.2.7 is not banned",
                        "  exempt, so never counted and never banned: allowlist",
                        "  refused at accept: the denylist has 192.0.2.0/25",
                        "  on host shop jail forbidden counts 2 of 5 within 1m30s",
                        "  last offences",
                        "    1970-01-01T00:00:01.000Z  shop  GET /admin -> 403  by jail forbidden",
                        "    1970-01-01T00:00:02.000Z  by jail slow",
                        "  was banned on all hosts by jail recidive, since 1970-01-01T00:00:00Z");
    }

    @Test
    void whatAStrangerSentCannotActOnATerminal() {
        Offence nasty = new Offence(0, "shop", "j", "G\u009bT", "/\u001b[2J\u007f\u2028\\\n", 404);
        Ban.Grounds grounds = new Ban.Grounds("", List.of(nasty));
        assertThat(EvidenceText.lines(evidence(List.of(ban(CLIENT, SHOP, "j", Mode.ENFORCED, grounds)))))
                .allMatch(line -> line.chars().allMatch(c -> c >= ' ' && c <= '~'))
                .anyMatch(line -> line.endsWith("G\\x9BT /\\x1B[2J\\x7F\\u2028\\x5C\\x0A -> 404"));
    }
}
