package io.portcullis.server.cli;

import io.portcullis.core.config.AdminConfig;
import io.portcullis.server.admin.AdminToken;
import io.portcullis.server.config.AdminReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code -c FILE}, {@code --admin ADDRESS:PORT} and {@code --token-file FILE}: how a command finds the running process. The
 * last two together need no configuration, for whoever has to speak to a process whose files are broken by now.
 */
final class AdminOption {

    @Mixin
    private ConfigOption configOption = new ConfigOption();

    @Option(
            names = "--admin",
            paramLabel = "ADDRESS:PORT",
            description = "where the running process is spoken to (default: admin.bind of the configuration)")
    private @Nullable String address;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "what lets this command in (default: admin.token-file of the configuration)")
    private @Nullable Path tokenFile;

    /** What the process runs with. */
    ConfigOption config() {
        return configOption;
    }

    /** @throws AdminFailure if there is no knowing where the process is, or its token cannot be read */
    AdminClient connect() throws AdminFailure {
        if (address != null && tokenFile != null) {
            return connect(given(address), tokenFile);
        }
        AdminReader.Found found = AdminReader.find(configOption.file());
        if (!found.problems().isEmpty()) {
            String problems = found.problems().stream().map(String::valueOf).collect(Collectors.joining("\n"));
            throw new AdminFailure(
                    ExitCode.NOT_SO,
                    problems
                            + "\nThat is where a running process would be found; it was not asked, and goes on with the"
                            + " configuration that it has. To speak to it all the same: --admin ADDRESS:PORT --token-file"
                            + " FILE");
        }
        return connect(bind(found.config()), tokenFile == null ? found.config().tokenFile() : tokenFile);
    }

    private AdminClient connect(AdminConfig.Bind bind, Path token) throws AdminFailure {
        try {
            return new AdminClient(bind, AdminToken.read(token), configOption.file());
        } catch (IOException e) {
            throw new AdminFailure(
                    ExitCode.UNREACHABLE,
                    e.getMessage() + ". It is needed to speak to the process at " + bind + "; is " + configOption.file()
                            + " the configuration that it runs with?");
        }
    }

    private static AdminConfig.Bind given(String address) throws AdminFailure {
        AdminConfig.Bind bind = AdminReader.bind(address);
        if (bind == null || bind.port() == 0) {
            throw new AdminFailure(
                    ExitCode.WRONG_USAGE, "--admin: " + address + " (expected: one such as 127.0.0.1:9900)");
        }
        return bind.fromHere();
    }

    private AdminConfig.Bind bind(AdminConfig config) throws AdminFailure {
        if (address != null) {
            return given(address);
        }
        AdminConfig.Bind bind = config.bind()
                .orElseThrow(() -> new AdminFailure(
                        ExitCode.UNREACHABLE,
                        configOption.file()
                                + " has admin { bind = off }, so a process that runs with it cannot be spoken to"));
        if (bind.port() == 0) {
            throw new AdminFailure(
                    ExitCode.UNREACHABLE,
                    configOption.file() + " leaves the port of admin.bind to the system: give --admin with what the"
                            + " process's ready line says");
        }
        return bind.fromHere();
    }
}
