package io.portcullis.server.cli;

import io.portcullis.core.config.JailConfig;
import io.portcullis.core.config.ListenerConfig;
import io.portcullis.core.config.PortcullisConfig;
import io.portcullis.core.config.VirtualHostConfig;
import io.portcullis.server.config.ConfigLoader;
import io.portcullis.server.config.LoadResult;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code check}: whether a configuration would be taken. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        header = "Check a configuration without running it.",
        description = {
            "Prints a summary, or every problem as file:line: path: what is wrong. Warnings, such as of a certificate that"
                    + " expires soon, are printed alike and change no exit code."
        },
        footer = {
            "  portcullis check",
            "  portcullis check -c /etc/portcullis/portcullis.conf && portcullis reload",
            "  portcullis check --json | jq -r '.problems[] | \"\\(.file):\\(.line)\"'"
        },
        exitCodeList = {"0:the configuration is valid", "1:it is not", "2:wrong usage"})
final class CheckCommand implements Callable<Integer> {

    @Mixin
    private ConfigOption configOption = new ConfigOption();

    @Mixin
    private JsonOption jsonOption = new JsonOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (jsonOption.isWanted()) {
            LoadResult result = ConfigLoader.load(configOption.file());
            JsonOption.print(spec.commandLine().getOut(), json -> CheckJson.write(configOption.file(), result, json));
            return result instanceof LoadResult.Loaded ? ExitCode.DONE : ExitCode.NOT_SO;
        }
        PrintWriter err = spec.commandLine().getErr();
        if (!(configOption.load(err) instanceof LoadResult.Loaded loaded)) {
            return ExitCode.NOT_SO;
        }
        loaded.warnings().forEach(err::println);
        err.flush();
        summarize(loaded.config(), spec.commandLine().getOut());
        return ExitCode.DONE;
    }

    private void summarize(PortcullisConfig config, PrintWriter out) {
        out.println(configOption.file() + " is valid");
        List<List<String>> listeners = new ArrayList<>();
        for (ListenerConfig listener : config.listeners()) {
            listeners.add(List.of("  listener " + listener.name(), address(listener) + spoken(listener)));
        }
        Table.lines(listeners).forEach(out::println);
        List<List<String>> hosts = new ArrayList<>();
        for (VirtualHostConfig host : config.virtualHosts()) {
            String jails = host.jails().stream().map(JailConfig::name).collect(Collectors.joining(", "));
            hosts.add(List.of(
                    "  host " + host.name(),
                    String.join(", ", host.serverNames()),
                    "on " + String.join(", ", host.listeners()),
                    "jails: " + (jails.isEmpty() ? "none" : jails)));
        }
        if (!hosts.isEmpty()) {
            Table.lines(hosts).forEach(out::println);
        }
        out.flush();
    }

    static String address(ListenerConfig listener) {
        return (listener.address().isIpv4() ? listener.address().toString() : "[" + listener.address() + "]") + ":"
                + listener.port();
    }

    /** What a listener speaks beside plain HTTP/1.1. */
    private static String spoken(ListenerConfig listener) {
        return (listener.tls().isPresent() ? "  TLS" : "")
                + (listener.http2() ? "  HTTP/2" : "")
                + (listener.proxyProtocol() ? "  PROXY protocol" : "");
    }
}
