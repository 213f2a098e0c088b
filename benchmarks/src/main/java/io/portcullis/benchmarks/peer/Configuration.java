package io.portcullis.benchmarks.peer;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The configuration of one proxy that is to be started: a folder of its own, its ports, and its files out of templates. */
final class Configuration {

    private final Path directory;
    private final Setup setup;
    private final Set<String> words = new HashSet<>();
    private final Map<String, String> values = new HashMap<>();
    private final int port;
    private final int tlsPort;

    /** @param directory is made; whoever the proxy changes to after its start may look into it, too */
    Configuration(Setup setup, Path directory) throws IOException {
        this.setup = setup;
        this.directory = Files.createDirectories(directory);
        List<Integer> ports = FreePorts.find(3);
        port = ports.get(0);
        tlsPort = ports.get(1);
        setup.features().forEach(feature -> words.add(feature.word()));
        value("DIR", directory);
        value("HTTP_PORT", port);
        value("TLS_PORT", tlsPort);
        value("ADMIN_PORT", ports.get(2));
        value("APPLICATION_PORT", setup.applicationPort());
        value("CERTIFICATE", setup.certificate().certificate());
        value("KEY", setup.certificate().key());
        value("CERTIFICATE_AND_KEY", setup.certificate().both());
        value("BANNED", Setup.OFFENDER);
        value("MAX_RETRY", Setup.MAX_RETRY);
    }

    int port() {
        return port;
    }

    int tlsPort() {
        return tlsPort;
    }

    boolean has(Feature feature) {
        return setup.features().contains(feature);
    }

    Path path(String file) {
        return directory.resolve(file);
    }

    String value(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException(name + " (expected: one of " + values.keySet() + ")");
        }
        return value;
    }

    void value(String name, Object value) {
        values.put(name, value.toString());
    }

    /** Lines of templates with this condition stand. */
    void word(String word) {
        words.add(word);
    }

    /** One file, out of one template. */
    Path write(String template, String file) throws IOException {
        Path path = path(file);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, Template.named(template).fill(words, values));
    }

    /** One file with a part for each virtual host. */
    void writeHosts(String template, String file) throws IOException {
        Template host = Template.named(template);
        try (BufferedWriter out = Files.newBufferedWriter(path(file))) {
            for (int i = 0; i < setup.hosts(); i++) {
                out.write(host(host, i));
            }
        }
    }

    /** A file for each virtual host. */
    void writeEachHost(String template, String folder, String ending) throws IOException {
        Template host = Template.named(template);
        Path hosts = Files.createDirectories(path(folder));
        for (int i = 0; i < setup.hosts(); i++) {
            Files.writeString(hosts.resolve("h" + i + ending), host(host, i));
        }
    }

    private String host(Template template, int number) {
        value("HOST", Setup.host(number));
        return template.fill(words, values);
    }
}
