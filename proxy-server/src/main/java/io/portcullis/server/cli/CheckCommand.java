package io.portcullis.server.cli;

import io.portcullis.core.config.JailConfig;
import io.portcullis.core.config.ListenerConfig;
import io.portcullis.core.config.PortcullisConfig;
import io.portcullis.core.config.VirtualHostConfig;
import io.portcullis.server.config.LoadResult;
import java.io.PrintWriter;
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
        description = {
            "Checks a configuration without running it.",
            "Prints a summary and exits 0, or prints every problem as file:line: path: what is wrong, and exits 1.",
            "Warnings, such as of a certificate that expires soon, are printed alike and change no exit code."
        })
final class CheckCommand implements Callable<Integer> {

    @Mixin
    private ConfigOption configOption = new ConfigOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
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
        for (ListenerConfig listener : config.listeners()) {
            String address =
                    listener.address().isIpv4() ? listener.address().toString() : "[" + listener.address() + "]";
            out.println("  listener " + listener.name() + "  " + address + ":" + listener.port() + spoken(listener));
        }
        for (VirtualHostConfig host : config.virtualHosts()) {
            String jails = host.jails().stream().map(JailConfig::name).collect(Collectors.joining(", "));
            out.println("  host " + host.name() + "  " + String.join(", ", host.serverNames()) + "  on "
                    + String.join(", ", host.listeners()) + "  jails: " + (jails.isEmpty() ? "none" : jails));
        }
        out.flush();
    }

    /** What a listener speaks beside plain HTTP/1.1. */
    private static String spoken(ListenerConfig listener) {
        return (listener.tls().isPresent() ? "  TLS" : "")
                + (listener.http2() ? "  HTTP/2" : "")
                + (listener.proxyProtocol() ? "  PROXY protocol" : "");
    }
}
