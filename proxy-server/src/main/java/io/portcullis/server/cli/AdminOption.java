package io.portcullis.server.cli;

import io.portcullis.core.config.AdminConfig;
import io.portcullis.server.admin.AdminToken;
import io.portcullis.server.config.AdminReader;
import java.io.IOException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code -c FILE} and {@code --admin ADDRESS:PORT}: how a command finds the running process. */
final class AdminOption {

    @Mixin
    private ConfigOption configOption = new ConfigOption();

    @Option(
            names = "--admin",
            paramLabel = "ADDRESS:PORT",
            description = "where the running process is spoken to (default: admin.bind of the configuration)")
    private @Nullable String address;

    /** What the process runs with. */
    ConfigOption config() {
        return configOption;
    }

    /** @throws AdminFailure if there is no knowing where the process is, or its token cannot be read */
    AdminClient connect() throws AdminFailure {
        AdminReader.Found found = AdminReader.find(configOption.file());
        if (!found.problems().isEmpty()) {
            throw new AdminFailure(
                    ExitCode.NOT_SO,
                    found.problems().stream().map(String::valueOf).collect(Collectors.joining("\n")));
        }
        AdminConfig.Bind bind = bind(found.config());
        try {
            return new AdminClient(bind, AdminToken.read(found.config().tokenFile()), configOption.file());
        } catch (IOException e) {
            throw new AdminFailure(
                    ExitCode.UNREACHABLE,
                    e.getMessage() + ". It is needed to speak to the process at " + bind + "; is " + configOption.file()
                            + " the configuration that it runs with?");
        }
    }

    private AdminConfig.Bind bind(AdminConfig config) throws AdminFailure {
        String given = address;
        if (given != null) {
            AdminConfig.Bind bind = AdminReader.bind(given);
            if (bind == null || bind.port() == 0) {
                throw new AdminFailure(
                        ExitCode.WRONG_USAGE, "--admin: " + given + " (expected: one such as 127.0.0.1:9900)");
            }
            return bind.fromHere();
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
