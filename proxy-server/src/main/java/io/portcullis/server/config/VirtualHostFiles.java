package io.portcullis.server.config;

import io.portcullis.core.config.Defaults;
import io.portcullis.core.config.HttpsConfig;
import io.portcullis.core.config.JailConfig;
import io.portcullis.core.config.RouteConfig;
import io.portcullis.core.config.VirtualHostConfig;
import io.portcullis.core.http.HopByHopHeaders;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The folder of virtual hosts: every {@code *.conf} in it is one, named as the file is. */
final class VirtualHostFiles {

    private static final String ENDING = ".conf";
    private static final Set<String> CLIENTS_FIELDS = Set.of(
            "cache-control",
            "content-encoding",
            "content-length",
            "content-type",
            "date",
            "etag",
            "location",
            "server",
            "set-cookie",
            "vary",
            "www-authenticate");

    private final MainFile main;
    private final Findings findings;
    private final HttpsReader https;
    private final ServerNames serverNames = new ServerNames();
    private final List<Path> files = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final List<VirtualHostConfig> virtualHosts = new ArrayList<>();

    private VirtualHostFiles(MainFile main, Findings findings, CertificateReader certificates) {
        this.main = main;
        this.findings = findings;
        this.https = new HttpsReader(main, certificates);
    }

    static VirtualHostFiles read(MainFile main, Findings findings, CertificateReader certificates) {
        VirtualHostFiles hosts = new VirtualHostFiles(main, findings, certificates);
        hosts.listFolder();
        hosts.files.forEach(hosts::readFile);
        return hosts;
    }

    /** In the order of their names. */
    List<Path> files() {
        return files;
    }

    /** Those with problems too: what refers to them is no further problem. */
    List<String> names() {
        return names;
    }

    /** In the order of their names. */
    List<VirtualHostConfig> virtualHosts() {
        return virtualHosts;
    }

    private void listFolder() {
        Path folder = main.hostsFolder();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, VirtualHostFiles::isVirtualHost)) {
            entries.forEach(files::add);
        } catch (NotDirectoryException e) {
            findings.add(main.hostsPlace(), folder + " cannot be read: not a folder");
            return;
        } catch (IOException e) {
            findings.add(main.hostsPlace(), folder + " cannot be read: " + SourceFile.reason(e));
            return;
        }
        files.sort(null);
        if (files.isEmpty()) {
            findings.add(
                    main.hostsPlace(),
                    "no virtual host in " + folder + " (expected at least one file that ends in " + ENDING + ")");
        }
    }

    /** Hidden files are what editors leave behind. */
    private static boolean isVirtualHost(Path entry) {
        String name = entry.getFileName().toString();
        return name.endsWith(ENDING) && !name.startsWith(".");
    }

    private void readFile(Path file) {
        String fileName = file.getFileName().toString();
        String name = fileName.substring(0, fileName.length() - ENDING.length());
        if (!Names.isName(name)) {
            findings.add(Place.ofFile(file.toString()), "not a name for a virtual host " + Names.EXPECTED);
        }
        if (DefaultHosts.WORDS.contains(name)) {
            findings.add(
                    Place.ofFile(file.toString()),
                    "\"" + name + "\" means something else in default-host (expected" + " another name)");
        }
        names.add(name);
        VirtualHostConfig host = SourceFile.read(file, findings, section -> readHost(name, section));
        if (host != null) {
            virtualHosts.add(host);
        }
    }

    private VirtualHostConfig readHost(String name, Section section) {
        List<String> listeners = listeners(section);
        List<String> claimed = serverNames.read(section, listeners);
        HttpsConfig httpsConfig = https.read(section, listeners, claimed);
        List<RouteConfig> routes = RouteReader.read(name, section);
        Optional<String> verdictHeader =
                Optional.ofNullable(section.readIfGiven("verdict-header", VirtualHostFiles::verdictHeader));
        JailReader reader = main.jailReader();
        List<JailConfig> jails = reader.ofHost(
                section.block("jails", reader::read),
                main.jails(),
                verdictHeader.isPresent(),
                section.flag("dry-run", Defaults.DRY_RUN));
        return new VirtualHostConfig(name, claimed, listeners, routes, jails, verdictHeader, httpsConfig);
    }

    /** As it never leaves the proxy, it is none that a client needs. */
    private static @Nullable String verdictHeader(Setting setting) {
        String name = setting.text("a header's name such as X-Ban-Weight");
        if (name == null) {
            return null;
        }
        if (!Names.isToken(name)) {
            setting.problem(setting.shown() + " is no header's name (expected one such as X-Ban-Weight)");
            return null;
        }
        if (HopByHopHeaders.isHopByHop(name) || CLIENTS_FIELDS.contains(name.toLowerCase(Locale.ROOT))) {
            setting.problem(setting.shown() + " is a header that clients need, and a verdict never reaches them"
                    + " (expected one such as X-Ban-Weight)");
            return null;
        }
        return name;
    }

    private List<String> listeners(Section section) {
        String expected = "a list such as [" + String.join(", ", main.listenerNames()) + "]";
        Setting setting = section.get("listeners");
        List<Setting> elements = setting == null ? null : setting.list(expected);
        if (setting == null || elements == null) {
            return main.listenerNames();
        }
        if (elements.isEmpty()) {
            setting.problem("no listener (expected " + expected + ", or no such key for all)");
        }
        Set<String> listeners = new LinkedHashSet<>();
        for (Setting element : elements) {
            String listener = element.text("a listener's name");
            if (listener != null && main.listenerNames().contains(listener)) {
                listeners.add(listener);
            } else if (listener != null) {
                element.problem(element.shown() + " is no listener" + Suggestions.of(listener, main.listenerNames()));
            }
        }
        return List.copyOf(listeners);
    }
}
