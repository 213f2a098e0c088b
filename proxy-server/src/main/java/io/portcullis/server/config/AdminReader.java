package io.portcullis.server.config;

import io.portcullis.core.config.AdminConfig;
import io.portcullis.core.config.ConfigProblem;
import io.portcullis.core.config.Defaults;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code admin}: for a process that starts, and for a command that looks for one that runs. The latter goes by
 * nothing else in the file, so that who has just broken a jail's line can still unban.
 */
public final class AdminReader {

    private static final String OFF = "off";
    private static final int MOST_HOSTS = 10_000;
    private static final AdminConfig.Metrics DEFAULT_METRICS =
            new AdminConfig.Metrics(Defaults.METRICS_MAX_HOSTS, Defaults.METRICS_WITHOUT_TOKEN);
    private static final String KEY = "portcullis.admin";

    private AdminReader() {}

    /** What the main file says of the admin listener, or what keeps that from being known. */
    public record Found(AdminConfig config, List<ConfigProblem> problems) {}

    /** Looks at no other part of the main file, and at no other file but those that it includes. Blocks. */
    public static Found find(Path mainFile) {
        Findings findings = new Findings();
        AdminConfig read = SourceFile.read(
                mainFile,
                findings,
                root -> root.block("portcullis", section -> section.block("admin", AdminReader::read)));
        // Nobody has asked for the other keys here, so they are all unknown.
        List<ConfigProblem> problems = findings.problems().stream()
                .filter(problem -> read == null || problem.path().startsWith(KEY))
                .toList();
        AdminConfig config = read != null
                ? read
                : new AdminConfig(
                        Optional.empty(), mainFile.resolveSibling(Defaults.TOKEN_FILE), false, DEFAULT_METRICS);
        return new Found(config, problems);
    }

    /** The address and port that a person gave on a command line; null where the text is none. */
    public static AdminConfig.@Nullable Bind bind(String text) {
        BindAddress parsed = BindAddress.parse(text);
        return parsed == null ? null : new AdminConfig.Bind(parsed.address(), parsed.port());
    }

    static AdminConfig read(Section section) {
        Setting bind = section.get("bind");
        Path token = section.readIfGiven("token-file", Setting::path);
        return new AdminConfig(
                bind == null ? Optional.of(Defaults.ADMIN_BIND) : bindOf(bind),
                token == null ? section.place().resolve(Defaults.TOKEN_FILE) : token,
                bind != null || token != null,
                section.block("metrics", AdminReader::metrics));
    }

    private static AdminConfig.Metrics metrics(Section section) {
        return new AdminConfig.Metrics(
                section.number("max-hosts", 0, MOST_HOSTS, Defaults.METRICS_MAX_HOSTS),
                section.flag("without-token", Defaults.METRICS_WITHOUT_TOKEN));
    }

    private static Optional<AdminConfig.Bind> bindOf(Setting setting) {
        String text = setting.text("an address and port, or off");
        if (text == null || text.equals(OFF)) {
            return Optional.empty();
        }
        AdminConfig.Bind bind = bind(text);
        if (bind == null) {
            setting.problem(setting.shown() + " is no address and port (expected one such as \"" + Defaults.ADMIN_BIND
                    + "\" or \"[::1]:9900\", or off; names are not looked up)");
        }
        return Optional.ofNullable(bind);
    }
}
