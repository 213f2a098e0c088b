package io.portcullis.server.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The demo's configuration: real files in a folder of their own, to be looked at and copied while the demo runs. */
final class DemoFiles implements AutoCloseable {

    /** The jail, as it stands in the main file and in the story. */
    static final String JAIL = "httpd-forbidden { statuses = [403], max-retry = 5, find-time = 1m, ban-time = 1h }";

    private final Path folder;

    private DemoFiles(Path folder) {
        this.folder = folder;
    }

    /** @param port of the proxy on 127.0.0.1; 0: any free one */
    static DemoFiles write(int port, SampleSite... sites) throws IOException {
        DemoFiles files = new DemoFiles(Files.createTempDirectory("portcullis-demo-"));
        Files.createDirectory(files.hostFile("any").getParent());
        Files.write(files.mainFile(), main(port));
        for (SampleSite site : sites) {
            Files.write(
                    files.hostFile(site.name()),
                    List.of(
                            "server-names = [\"" + site.serverName() + "\"]",
                            "upstream = \"http://127.0.0.1:" + site.port() + "\""));
        }
        return files;
    }

    private static List<String> main(int port) {
        return List.of(
                "portcullis {",
                "  listeners { http { bind = \"127.0.0.1:" + port + "\" } }",
                "  virtual-hosts-dir = \"hosts.d\"",
                "  allowlist = [\"127.0.0.1\", \"::1\"]",
                "  # Every virtual host inherits the jail, and each counts for itself.",
                "  jails { " + JAIL + " }",
                "  # The next demo begins with nobody banned.",
                "  bans { store { type = memory } }",
                "  admin { bind = \"127.0.0.1:0\", token-file = \"admin.token\" }",
                "  log { access = \"access.log\", format = combined }",
                "  timeouts { drain = 1s }",
                "}");
    }

    Path mainFile() {
        return folder.resolve("portcullis.conf");
    }

    Path hostFile(String virtualHost) {
        return folder.resolve("hosts.d").resolve(virtualHost + ".conf");
    }

    /** Deletes the folder, as far as that is possible. */
    @Override
    public void close() {
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            // A few small files stay in the system's folder for temporary ones: no reason to fail.
        }
    }
}
