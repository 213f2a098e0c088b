package io.portcullis.server.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The manual page as the commands have it, in the man macros (man(7)): what they say by themselves need not be said twice. */
final class ManualPage {

    private static final String TITLE = """
            .TH PORTCULLIS 1 2026-11-23 "Portcullis" "Portcullis Manual"
            .SH NAME
            portcullis \\- reverse proxy that bans by what the applications answer
            """;

    private static final String SYNOPSIS = """
            .SH SYNOPSIS
            .B portcullis
            .I COMMAND
            .RI [ OPTIONS ]
            .br
            .B portcullis help
            .RI [ COMMAND ]
            .br
            .B portcullis \\-\\-version
            .SH DESCRIPTION
            Portcullis is a reverse proxy in front of the containers of a host.
            It routes virtual hosts to container ports, counts what the applications answer to each client,
            and refuses whoever is banned, at the earliest point at which that can be known.
            .PP
            .B portcullis run
            is the proxy; the other commands check its configuration or speak to the running process
            through its admin API, which they find by the configuration file.
            .PP
            On a terminal lists are tables with headings.
            Piped, they have one record a line, a tab between columns, and no heading.
            With
            .B \\-\\-json
            a command prints one JSON document, also when it fails.
            Times are UTC.
            """;

    private static final String REST = """
            .SH FILES
            The paths are those of the Debian package; without
            .B \\-c
            the main file is
            .I conf/portcullis.conf
            beside the program.
            .TP
            .I /etc/portcullis/portcullis.conf
            the main configuration file, in HOCON
            .TP
            .I /etc/portcullis/hosts.d/*.conf
            the virtual hosts, one file each
            .TP
            .I /var/lib/portcullis/admin.token
            who can read it may use the admin API; made at the first start, mode 0600
            .TP
            .I /var/lib/portcullis/bans.mv
            the bans that outlive the process
            .TP
            .I /var/log/portcullis/access.log
            the access log
            .SH EXIT STATUS
            .TP
            .B 0
            done
            .TP
            .B 1
            what was asked about is not so: an invalid configuration, no such ban, an exempt address, a problem found
            .TP
            .B 2
            wrong usage
            .TP
            .B 3
            the running process cannot be reached, or does not let the command in
            .PP
            A command whose reader has gone (\\fBportcullis bans | head\\fR) ends silently with 141, as if by SIGPIPE.
            .SH SIGNALS
            .B portcullis run
            obeys these:
            .TP
            .BR TERM ", " INT
            drain: accept nothing new, let exchanges end within
            .IR timeouts.drain ,
            then exit with 0
            .TP
            .B HUP
            reload the configuration, look at the certificates and open the logs anew; a configuration with a problem
            is refused whole, and the old one goes on
            .TP
            .B USR1
            open the logs anew, for
            .BR logrotate (8)
            .SH ENVIRONMENT
            .TP
            .B JAVA_OPTS\\fR, \\fBPORTCULLIS_OPTS
            options for the JVM, such as
            .B \\-Xmx256m
            .TP
            .B PORTCULLIS_JAVA
            a java command or a JDK's folder, to be taken instead of the newest found
            .TP
            .B NO_COLOR
            if set to anything, no colours on a terminal
            .TP
            .B COLUMNS
            the width of help, instead of the terminal's
            .TP
            .B NOTIFY_SOCKET
            where the service manager is told that the proxy is ready, see
            .BR sd_notify (3)
            """;

    private static final String END = """
            .SH SEE ALSO
            .BR fail2ban (1),
            .BR nginx (8),
            .BR systemctl (1),
            .BR logrotate (8)
            .PP
            Documentation in the folder
            .I docs
            of the distribution: configuration.md names every key, command\\-line.md shows each command with its output,
            operations.md tells how to run it.
            """;

    private final StringBuilder page = new StringBuilder();

    private ManualPage() {}

    static String of(CommandLine program) {
        ManualPage manual = new ManualPage();
        manual.page.append(TITLE).append(SYNOPSIS).append(".SH COMMANDS\n");
        List<String> examples =
                new ArrayList<>(List.of(program.getCommandSpec().usageMessage().footer()));
        examples.subList(examples.indexOf(""), examples.size()).clear(); // what follows the examples stands above
        for (String name : inOrder(program.getSubcommands())) {
            CommandLine command = program.getSubcommands().get(name);
            if (command != null) {
                manual.command(command.getCommandSpec());
                examples.addAll(List.of(command.getCommandSpec().usageMessage().footer()));
            }
        }
        manual.page.append(REST);
        manual.examples(examples);
        manual.page.append(END);
        return manual.page.toString();
    }

    private static List<String> inOrder(Map<String, CommandLine> commands) {
        List<String> names = new ArrayList<>();
        HelpLayout.GROUPS.values().forEach(names::addAll);
        commands.keySet().stream()
                .filter(name -> !names.contains(name))
                .sorted()
                .forEach(names::add);
        return names;
    }

    private void command(CommandSpec command) {
        StringBuilder synopsis = new StringBuilder(command.name()).append(" [OPTIONS]");
        for (PositionalParamSpec parameter : command.positionalParameters()) {
            String label = parameter.paramLabel();
            synopsis.append(parameter.arity().min() == 0 ? " [" + label + "]" : " " + label);
        }
        page.append(".SS ").append(escaped(synopsis.toString())).append('\n');
        for (String line : command.usageMessage().header()) {
            page.append(escaped(line)).append('\n');
        }
        for (String line : command.usageMessage().description()) {
            page.append(".PP\n").append(escaped(line)).append('\n');
        }
        for (PositionalParamSpec parameter : command.positionalParameters()) {
            item("\\fI" + escaped(parameter.paramLabel()) + "\\fR", parameter.description());
        }
        for (OptionSpec option : command.options()) {
            item(
                    "\\fB" + escaped(String.join(", ", option.names())) + "\\fR"
                            + (option.arity().max() == 0 ? "" : " \\fI" + escaped(option.paramLabel()) + "\\fR"),
                    option.description());
        }
        command.usageMessage().exitCodeList().forEach((code, meaning) -> item("exit code " + code, meaning));
    }

    private void item(String term, String... description) {
        page.append(".TP\n")
                .append(term)
                .append('\n')
                .append(escaped(String.join(" ", description)))
                .append('\n');
    }

    private void examples(List<String> lines) {
        page.append(".SH EXAMPLES\n.nf\n");
        for (String line : lines) {
            page.append(escaped(line.strip())).append('\n');
        }
        page.append(".fi\n");
    }

    /** So that nothing of it is a request, a hyphen that cannot be copied, or an escape. */
    static String escaped(String text) {
        String plain = text.replace("\\", "\\e")
                .replace("-", "\\-")
                .replace("'", "\\(aq")
                .replace("`", "\\(ga");
        return plain.startsWith(".") ? "\\&" + plain : plain;
    }
}
