package io.portcullis.server.cli;

import com.fasterxml.jackson.core.JsonParser;
import io.portcullis.core.ban.Ban;
import io.portcullis.server.admin.BanJson;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code unban}: takes bans back. */
@Command(
        name = "unban",
        mixinStandardHelpOptions = true,
        header = "Let a client in again, at once.",
        description = {
            "Clears the counters that led to its bans, too. Without --host all bans that refuse the address are taken"
                    + " back, those on wider blocks among them; with it, only those of that virtual host."
        },
        footer = {
            "  portcullis unban 192.0.2.7                 from everywhere",
            "  portcullis unban 192.0.2.7 --host shop     from the virtual host of hosts.d/shop.conf",
            "  portcullis unban --all                     everybody"
        },
        exitCodeList = {"0:unbanned", "1:no such ban or virtual host", "2:wrong usage", "3:no process answers"})
final class UnbanCommand extends AdminCommand {

    @Parameters(
            arity = "0..1",
            paramLabel = "ADDRESS",
            description = "whom: an IPv4 or IPv6 address, or a block as bans shows it")
    private @Nullable String address;

    @Option(names = "--all", description = "everybody, instead of ADDRESS")
    private boolean all;

    @Option(names = "--host", paramLabel = "H", description = "from this virtual host only, by the name of its file")
    private @Nullable String host;

    @Override
    void checkUsage() {
        if (all == (address != null)) {
            throw wrongUsage(all ? "ADDRESS and --all (expected: one of them)" : "whom? (expected: ADDRESS or --all)");
        }
        if (address != null) {
            checkAddress(address);
        }
    }

    @Override
    int run(AdminClient process) throws AdminFailure {
        String onHost = host == null ? "" : "host=" + AdminClient.encoded(host);
        String target = address == null
                ? "/v1/bans?all=true&" + onHost
                : "/v1/bans/" + AdminClient.encoded(address) + "?" + onHost;
        return process.delete(target, json -> {
            if (wantsJson()) {
                copy(json);
            } else {
                tell(json);
            }
            return ExitCode.DONE;
        });
    }

    private void tell(JsonParser json) throws IOException {
        json.nextToken();
        BanJson.Lifted lifted = BanJson.readLifted(json);
        if (address == null) {
            out().println(lifted.count() == 1 ? "1 ban taken back" : lifted.count() + " bans taken back");
        }
        for (Ban ban : lifted.bans()) {
            out().println("unbanned " + ban.client() + " on " + ban.scope() + ", banned " + EvidenceText.by(ban.jail())
                    + " since " + EvidenceText.seconds(ban.since()));
        }
    }
}
