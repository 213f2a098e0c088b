package io.portcullis.server.cli;

import io.portcullis.server.admin.EvidenceJson;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code why}: what is held against a client. */
@Command(
        name = "why",
        mixinStandardHelpOptions = true,
        header = "Tell what is held against a client: bans, offences, counters.",
        description = {
            "Its bans with the offences that led to them, how far it is from the next one, its last offences, and earlier"
                    + " bans. An IPv6 address stands for its whole prefix (bans.ipv6-prefix), which is what is counted"
                    + " and banned. Times are UTC."
        },
        footer = {
            "  portcullis why 192.0.2.7",
            "  portcullis why 2001:db8::1          tells of 2001:db8::/64",
            "  portcullis why 192.0.2.7 --json     for programs; docs/admin-api.md"
        },
        exitCodeList = {"0:told, also where nothing is held against it", "2:wrong usage", "3:no process answers"})
final class WhyCommand extends AdminCommand {

    @Parameters(paramLabel = "ADDRESS", description = "who: an IPv4 or IPv6 address, or a block as bans shows it")
    private String address = "";

    @Override
    void checkUsage() {
        checkAddress(address);
    }

    @Override
    int run(AdminClient process) throws AdminFailure {
        return process.get("/v1/clients/" + addressPath(address), json -> {
            if (wantsJson()) {
                copy(json);
            } else {
                json.nextToken();
                EvidenceText.lines(EvidenceJson.read(json)).forEach(out()::println);
            }
            return ExitCode.DONE;
        });
    }
}
