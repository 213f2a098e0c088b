package io.portcullis.server.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code run}: the proxy in the foreground, until a signal ends it. Says what its words are; most often
 * {@link RunArguments} has read them before.
 */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        header = "Run the proxy in the foreground.",
        description = {
            "Prints one line that begins with 'ready' when every listener accepts. SIGTERM or SIGINT stops it:"
                    + " no new connections, exchanges under way end within timeouts.drain, exit code 0. SIGHUP reloads the"
                    + " configuration, as the command reload does, and SIGUSR1 has it open its log files anew, after a"
                    + " rotation."
        },
        footer = {
            "  portcullis run                                    conf/portcullis.conf beside the program",
            "  portcullis run -c /etc/portcullis/portcullis.conf",
            "  JAVA_OPTS=-Xmx256m portcullis run                 with options for the JVM"
        },
        exitCodeList = {
            "0:stopped by a signal",
            "1:the configuration is invalid, or a listener cannot bind",
            "2:wrong usage"
        })
final class RunCommand implements Callable<Integer> {

    @Mixin
    private ConfigOption configOption = new ConfigOption();

    @Option(
            names = "--take-over",
            description = {
                "takes the place of the process that runs with this configuration, without losing a connection; where"
                        + " none does, it just starts. 'portcullis upgrade' has a running process do this by itself"
            })
    private boolean takesOver;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        return new Run(
                        arguments(),
                        spec.commandLine().getOut(),
                        spec.commandLine().getErr())
                .run();
    }

    /** What has been asked for. */
    RunArguments arguments() {
        return new RunArguments(configOption.asked(), takesOver);
    }
}
