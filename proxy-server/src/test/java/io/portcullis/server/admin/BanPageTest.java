package io.portcullis.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanScope;
import io.portcullis.core.ban.Sentence;
import io.portcullis.core.config.JailConfig.Drop;
import io.portcullis.core.net.ClientKey;
import io.portcullis.core.net.IpAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Page by page, every ban is told once, in the order of addresses. */
class BanPageTest {

    private static Ban ban(IpAddress address, String host) {
        BanScope scope = BanJson.scope(host.isEmpty() ? null : host);
        return new Ban(
                ClientKey.of(address, 64),
                new Sentence(scope, "jail", Drop.DROP, Sentence.Mode.ENFORCED),
                0,
                1,
                Ban.Grounds.UNTOLD);
    }

    private static List<Ban> bans() {
        List<Ban> bans = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            bans.add(ban(IpAddress.ofIpv4(i * 0x0301_0101), ""));
            bans.add(ban(IpAddress.ofIpv4(i * 0x0301_0101), "a b"));
            bans.add(ban(IpAddress.ofIpv4(i * 0x0301_0101), "shop"));
            bans.add(ban(new IpAddress((long) i << 57 | 1, 0), "shop"));
        }
        return bans;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 399, 400, 1000})
    void everyBanIsOnExactlyOnePage(int limit) {
        List<Ban> all = bans();
        List<Ban> told = new ArrayList<>();
        Random random = new Random(1);
        String next = "";
        int pages = 0;
        while (next != null) {
            Collections.shuffle(all, random); // the engine promises no order
            BanPage page = new BanPage(limit, BanPage.Cursor.parse(next));
            all.forEach(page::offer);
            assertThat(page.bans()).hasSizeBetween(1, limit);
            told.addAll(page.bans());
            next = page.next() == null ? null : page.next().toString();
            pages++;
        }
        assertThat(pages).isEqualTo((400 + limit - 1) / limit);
        assertThat(told).containsExactlyInAnyOrderElementsOf(all);
        assertThat(told).isSortedAccordingTo((a, b) -> BanPage.Cursor.of(a).compareTo(BanPage.Cursor.of(b)));
    }

    @Test
    void noBansAreOneEmptyPage() {
        BanPage page = new BanPage(10, null);
        assertThat(page.bans()).isEmpty();
        assertThat(page.next()).isNull();
    }
}
