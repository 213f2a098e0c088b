package io.portcullis.server.cli;

import io.portcullis.server.config.LoadResult;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;

/** {@code upgrade}: has the running process start its successor, and waits until that one serves. */
@Command(
        name = "upgrade",
        mixinStandardHelpOptions = true,
        header = "Have what is installed now take over, losing nothing.",
        description = {
            "The running process starts its launcher again (run --take-over), hands its bans over, drains and ends; its"
                    + " successor has another process id. If that does not come to serve, the running one goes on and"
                    + " the exit code is 1. See docs/upgrade.md."
        },
        footer = {
            "  portcullis upgrade                         after a new version was put in place",
            "  portcullis upgrade --json                  the process ids, for programs"
        },
        exitCodeList = {
            "0:the new process serves",
            "1:it did not come up; the old one goes on",
            "2:wrong usage",
            "3:no process answers"
        })
final class UpgradeCommand extends AdminCommand {

    private static final long READY_SECONDS = 10;
    private static final long POLL_MILLIS = 100;

    /** What the running process answers. */
    private record Replaced(long predecessor, long successor) {}

    @Override
    int run(AdminClient process) throws AdminFailure {
        // Told here rather than in the log of the successor, which would refuse it all the same.
        if (!(config().loadToRun(err()) instanceof LoadResult.Loaded)) {
            if (wantsJson()) {
                JsonOption.printError(out(), config().file() + " is refused, and the running process goes on");
            }
            return ExitCode.NOT_SO;
        }
        Replaced replaced = process.post("/v1/upgrade", null, json -> {
            long[] pids = {0, 0};
            while (json.nextToken() != null) {
                if (json.currentToken().isNumeric()) {
                    pids["pid".equals(json.currentName()) ? 1 : 0] = json.getLongValue();
                }
            }
            return new Replaced(pids[0], pids[1]);
        });
        awaitReady(process, replaced);
        if (wantsJson()) {
            out().println("{\"pid\":" + replaced.successor() + ",\"predecessor\":" + replaced.predecessor() + "}");
        } else {
            out().println("process " + replaced.successor() + " serves; process " + replaced.predecessor()
                    + " ends what is under way there, and itself");
        }
        return ExitCode.DONE;
    }

    /** The predecessor listens no more at the admin API's address: whoever answers there is the successor. */
    private static void awaitReady(AdminClient process, Replaced replaced) throws AdminFailure {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
        while (true) {
            try {
                process.get("/v1/bans?limit=1", json -> json.nextToken());
                return;
            } catch (AdminFailure e) {
                if (System.nanoTime() - end > 0) {
                    throw new AdminFailure(
                            e.exitCode(),
                            "process " + replaced.successor() + " has taken over, but its admin API does not answer: "
                                    + e.getMessage());
                }
            }
            try {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
