package io.portcullis.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.BanListener;
import io.portcullis.core.ban.BanScope.AllHosts;
import io.portcullis.core.ban.Sentence;
import io.portcullis.core.config.JailConfig.Drop;
import io.portcullis.core.net.ClientKey;
import io.portcullis.core.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class BanListenersTest {

    private static final Ban BAN = new Ban(
            ClientKey.of(Objects.requireNonNull(IpAddress.parse("198.51.100.7")), 64),
            new Sentence(AllHosts.ALL_HOSTS, "j", Drop.DROP, Sentence.Mode.ENFORCED),
            0,
            Ban.FOREVER,
            Ban.Grounds.UNTOLD);

    private final List<String> told = new ArrayList<>();

    private BanListener listener(String name, boolean fails) {
        return new BanListener() {
            @Override
            public void banned(Ban ban) {
                told.add(name + " banned");
                if (fails) {
                    throw new IllegalStateException("full");
                }
            }

            @Override
            public void unbanned(Ban ban) {
                told.add(name + " unbanned");
            }
        };
    }

    @Test
    void tellsAllInTheirOrderThoughOneFails_orAFullDiskKeepsBansFromBeingEnforced() {
        BanListeners all = new BanListeners(List.of(listener("a", true), listener("b", false)));
        all.banned(BAN);
        all.unbanned(BAN);
        assertThat(told).containsExactly("a banned", "b banned", "a unbanned", "b unbanned");
    }
}
