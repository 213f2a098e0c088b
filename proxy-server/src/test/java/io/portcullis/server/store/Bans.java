package io.portcullis.server.store;

import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.Ban.Grounds;
import io.portcullis.core.ban.BanScope;
import io.portcullis.core.ban.Offence;
import io.portcullis.core.ban.Sentence;
import io.portcullis.core.config.JailConfig.Drop;
import io.portcullis.core.config.JailConfig.Reject;
import io.portcullis.core.config.JailConfig.Tarpit;
import io.portcullis.core.net.ClientKey;
import io.portcullis.core.net.IpAddress;
import java.util.List;
import java.util.Objects;

/** Bans to be stored. */
final class Bans {
    static final BanScope SHOP = new BanScope.OneHost("shop");
    static final Sentence SECRETS = new Sentence(SHOP, "secrets", Drop.DROP, Sentence.Mode.ENFORCED);
    static final Sentence EVERYWHERE =
            new Sentence(BanScope.AllHosts.ALL_HOSTS, "by hand", new Reject(429), Sentence.Mode.FORCED);
    static final Sentence ON_TRIAL = new Sentence(SHOP, "trial", Tarpit.TARPIT, Sentence.Mode.DRY_RUN);

    private Bans() {}

    static ClientKey client(String address) {
        return ClientKey.of(Objects.requireNonNull(IpAddress.parse(address)), 64);
    }

    static ClientKey client(int number) {
        return ClientKey.of(IpAddress.ofIpv4(number), 64);
    }

    static Ban ban(ClientKey client, Sentence sentence, long since, long banMillis) {
        return new Ban(client, sentence, since, since + banMillis, grounds(client));
    }

    static Grounds grounds(ClientKey client) {
        return new Grounds(
                "",
                List.of(
                        new Offence(1, "shop", "secrets", "GET", "/.env?from=" + client, 403),
                        new Offence(2, "shop", "secrets", "POST", "/.git/ä\u0000\ud83d\ude00", 404)));
    }

    /** As {@link io.portcullis.core.ban.BanStore#start} gives it. */
    static Ban untold(Ban ban) {
        return new Ban(ban.client(), ban.sentence(), ban.since(), ban.until(), Grounds.UNTOLD);
    }
}
