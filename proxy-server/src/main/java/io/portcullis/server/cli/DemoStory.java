package io.portcullis.server.cli;

import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.Evidence;
import io.portcullis.core.net.IpAddress;
import io.portcullis.server.runtime.Portcullis;
import java.io.IOException;
import java.util.List;

/**
 * What the demo shows, in order: a visitor who is served, and an attacker who is banned from one site, then from both,
 * and let in again.
 *
 * <p>Every step is checked as it is told: against what came over the connection, against what the sites counted, and
 * against what the ban engine says. The first that is not as told ends the story.
 */
final class DemoStory {

    /** How {@link DemoClient} tells a connection that was reset. */
    static final String RESET = "connection reset";

    private static final int MAX_RETRY = 5;

    private final Portcullis proxy;
    private final SampleSite shop;
    private final SampleSite blog;
    private final DemoClient attacker;
    private final DemoClient visitor;
    private final Narrator narrator;

    DemoStory(Portcullis proxy, SampleSite shop, SampleSite blog, Narrator narrator) throws IOException {
        this.proxy = proxy;
        this.shop = shop;
        this.blog = blog;
        // Not 127.0.0.1: the configuration exempts it, as every configuration does by default.
        this.attacker = new DemoClient(2, proxy.listeners().get(0).address());
        this.visitor = new DemoClient(3, proxy.listeners().get(0).address());
        this.narrator = narrator;
    }

    /** The addresses that the clients need and cannot have; empty where the story can be told. */
    List<String> missingAddresses() {
        return List.of(attacker, visitor).stream()
                .filter(client -> !client.hasAddress())
                .map(DemoClient::toString)
                .toList();
    }

    /** @return whether all of it happened as told */
    boolean tell() {
        try {
            theVisitorIsServed();
            theAttackerEarnsABan();
            theSixthRequestNeverArrives();
            noOtherSiteAndNobodyElseFeelsIt();
            theBlogBansHimToo();
            heIsResetAtAccept();
            everyBanHasItsEvidence();
            anUnbanIsImmediate();
            narrator.line("");
            narrator.line("Every step happened as told.");
            return true;
        } catch (NotAsTold notAsTold) {
            narrator.failure("   NOT AS TOLD: " + notAsTold.getMessage());
            narrator.line("");
            narrator.failure("Step " + narrator.currentStep() + " did not happen as told.");
            return false;
        }
    }

    private void theVisitorIsServed() {
        narrator.step("A visitor, " + visitor + ", opens both sites, and once a page that is not for him");
        ask(visitor, shop, "/", "200");
        ask(visitor, blog, "/", "200");
        ask(visitor, shop, "/admin", "403");
        narrator.meaning("served; one 403 is an offence that is remembered for a minute, no more");
    }

    private void theAttackerEarnsABan() {
        narrator.step("An attacker, " + attacker + ", asks the shop five times for what it forbids");
        for (int i = 1; i <= MAX_RETRY; i++) {
            ask(attacker, shop, "/admin", "403");
        }
        narrator.meaning("the fifth 403 within a minute bans, before that answer has left the proxy");
    }

    private void theSixthRequestNeverArrives() {
        narrator.step("He asks a sixth time, for the front page");
        ask(attacker, shop, "/", RESET);
        counted(shop, attacker, MAX_RETRY);
        narrator.meaning("refused as soon as the request named the shop; the application never saw it");
    }

    private void noOtherSiteAndNobodyElseFeelsIt() {
        narrator.step("The ban is the shop's: the blog still serves him, and the visitor is served by both");
        ask(attacker, blog, "/", "200");
        ask(visitor, shop, "/", "200");
        ask(visitor, blog, "/", "200");
        narrator.meaning("one site's ban is not felt on another, and nobody else is hit");
    }

    private void theBlogBansHimToo() {
        narrator.step("He turns to the blog, and does the same there");
        for (int i = 1; i <= MAX_RETRY; i++) {
            ask(attacker, blog, "/admin", "403");
        }
        narrator.meaning("now every host behind this listener has banned him");
    }

    private void heIsResetAtAccept() {
        narrator.step("He connects, and sends nothing at all");
        String seen = attacker.connectAndWait();
        narrator.event(attacker.toString(), "(connects, sends nothing)", seen);
        check(RESET, seen);
        ask(attacker, blog, "/", RESET);
        counted(blog, attacker, 1 + MAX_RETRY);
        ask(visitor, shop, "/", "200");
        ask(visitor, blog, "/", "200");
        narrator.meaning("no host would serve him, so he is refused at accept: not a byte of his is read");
    }

    private void everyBanHasItsEvidence() {
        narrator.step("Why? Every ban has its evidence, and so has what has not led to one yet");
        Evidence attackers = proxy.why(addressOf(attacker));
        EvidenceText.lines(attackers).forEach(line -> narrator.line("   " + line));
        check("2 bans", attackers.bans().size() + " bans");
        for (Ban ban : attackers.bans()) {
            check(MAX_RETRY + " offences", ban.evidence().size() + " offences");
        }
        Evidence visitors = proxy.why(addressOf(visitor));
        EvidenceText.lines(visitors).forEach(line -> narrator.line("   " + line));
        check("0 bans", visitors.bans().size() + " bans");
        check("1 offence", visitors.lastOffences().size() + " offence");
    }

    private void anUnbanIsImmediate() {
        narrator.step("He is pardoned");
        int lifted = proxy.bans().unban(addressOf(attacker)).size();
        narrator.event(attacker.toString(), "(unban)", lifted + " bans lifted");
        check("2 bans lifted", lifted + " bans lifted");
        ask(attacker, shop, "/", "200");
        ask(attacker, blog, "/", "200");
        narrator.meaning("served at once; the counters that led to the bans are cleared as well");
    }

    private static IpAddress addressOf(DemoClient client) {
        return IpAddress.of(client.address());
    }

    private void ask(DemoClient client, SampleSite site, String path, String expected) {
        String seen = client.get(site.serverName(), path);
        narrator.event(client.toString(), "GET " + site.serverName() + path, seen);
        check(expected, seen);
    }

    private void counted(SampleSite site, DemoClient client, int expected) {
        int seen = site.requestsOf(client.toString());
        narrator.event("the " + site.name(), "(its own count)", seen + " requests of " + client + " have arrived");
        check(expected + " requests", seen + " requests");
    }

    private static void check(String expected, String seen) {
        if (!expected.equals(seen)) {
            throw new NotAsTold(seen + " (expected: " + expected + ")");
        }
    }

    /** Leaves the story at the step that went wrong. */
    private static final class NotAsTold extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotAsTold(String message) {
            super(message, null, false, false);
        }
    }
}
