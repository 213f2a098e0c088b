package io.portcullis.server.cli;

import picocli.CommandLine.Command;

/** {@code status}: how the running process is. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        header = "Tell how the running process is, and what is wrong with it.",
        description = {
            "What is wrong stands first: endpoints that do not answer, certificates to be renewed, a store that cannot be"
                    + " written, a reload that was refused. Then what runs, by which configuration, and how full it is."
                    + " Times are UTC.",
            "Its exit code makes it a health check: 0 where a process answers, whatever is wrong with what is behind it,"
                    + " since to start it anew would help nobody."
        },
        footer = {
            "  portcullis status",
            "  portcullis status | grep ^problem    what is wrong, a line each",
            "  portcullis status --json             for programs; docs/admin-api.md"
        },
        exitCodeList = {
            "0:a process runs and answers",
            "1:the main file, by which it is found, cannot be read",
            "2:wrong usage",
            "3:no process answers"
        })
final class StatusCommand extends AdminCommand {

    @Override
    int run(AdminClient process) throws AdminFailure {
        return process.get("/v1/status", json -> {
            if (wantsJson()) {
                copy(json);
            } else {
                json.nextToken();
                StatusText text = new StatusText(JsonDocument.read(json));
                (Terminal.isStdout() ? text.forPerson() : text.plain()).forEach(out()::println);
            }
            return ExitCode.DONE;
        });
    }
}
