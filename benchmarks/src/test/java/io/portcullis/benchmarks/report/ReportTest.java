package io.portcullis.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** What people and programs get to read. */
class ReportTest {

    private static final Path GOLDEN = Path.of("src/test/golden");

    /** With {@code -Dgolden.write=true} the file is written instead: look at the difference before committing it. */
    private static void assertSame(Path file, String text) throws IOException {
        if (Boolean.getBoolean("golden.write")) {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, text);
        }
        assertThat(text)
                .as("%s; if the change is meant: mvn test -Dtest=ReportTest -Dgolden.write=true", file)
                .isEqualTo(Files.readString(file));
    }

    private static String html() {
        return HtmlReport.of(SampleReport.report(), SampleReport.configurations());
    }

    private static Document page() throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(html())));
    }

    private static List<Element> elements(Document page, String name) {
        NodeList nodes = page.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }

    @Test
    void theTextReadsAsItDid() throws IOException {
        assertSame(GOLDEN.resolve("report.txt"), TextReport.of(SampleReport.report()));
    }

    /** A table that a terminal breaks at its edge cannot be read. */
    @Test
    void noLineIsLongerThanATerminalIsWide() {
        assertThat(TextReport.of(SampleReport.report()).lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void whatALateLoadMeasuredIsMarked() {
        assertThat(TextReport.of(SampleReport.report()))
                .contains("? 0.57", "? caddy, latencies: the load itself was late: not to be believed")
                .doesNotContain("? nginx");
        assertThat(html()).contains("caddy, latencies: the load itself was late: not to be believed");
    }

    /** If it breaks and the change is no addition: programs that read it break too, and the schema needs another number. */
    @Test
    void theJsonIsAsItWas() throws IOException {
        StringWriter json = new StringWriter();
        JsonReport.write(SampleReport.small(), SampleReport.configurations(), json);
        assertSame(GOLDEN.resolve("report.json"), json.toString());
    }

    @Test
    void thePageIsWellFormedAndEveryLinkLeadsSomewhere() throws Exception {
        Document page = page();
        List<String> ids = new ArrayList<>();
        elements(page, "*").stream()
                .map(element -> element.getAttribute("id"))
                .filter(id -> !id.isEmpty())
                .forEach(ids::add);
        assertThat(ids).doesNotHaveDuplicates().contains("goals", "ratios", "small-64", "configurations");
        assertThat(elements(page, "a"))
                .extracting(link -> link.getAttribute("href"))
                .allMatch(target -> target.startsWith("#") && ids.contains(target.substring(1)));
    }

    /** A page that is opened from a disk, or mailed, or five years old. */
    @Test
    void thePageNeedsNothingFromAnywhereElseAndRunsNothing() {
        assertThat(html())
                .doesNotContainPattern(Pattern.compile("<(script|link|img|iframe|object)\\b|\\b(src|srcset|on[a-z]+)="))
                .doesNotContain("url(", "@import", "http:", "https:");
    }

    @Test
    void whatAPeerSaidIsTextAndNoMarkup() throws Exception {
        assertThat(html()).contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; more");
        assertThat(elements(page(), "pre"))
                .extracting(Element::getTextContent)
                .contains("global\n  nbthread 1\n  # a < b && c > \"d\"\n");
    }

    /** A terminal obeys an escape sequence, an XML parser refuses it. */
    @Test
    void controlCharactersReachNoReader() {
        assertThat(html()).contains("\uFFFD[31m").doesNotContain("\u001b");
        assertThat(TextReport.of(SampleReport.report())).contains("\uFFFD[31m").doesNotContain("\u001b");
    }

    @Test
    void aTitleBeginsAsASentenceAndANameStaysAsItIs() {
        assertThat(RunText.sentence("memory an idle connection")).isEqualTo("Memory an idle connection");
        assertThat(RunText.sentence("a new connection each")).isEqualTo("A new connection each");
        assertThat(RunText.sentence("p99 at half the rate")).isEqualTo("p99 at half the rate");
        assertThat(RunText.sentence("")).isEmpty();
    }

    @Test
    void nobodyNeedsToSeeADrawing() throws Exception {
        Document page = page();
        assertThat(elements(page, "svg"))
                .isNotEmpty()
                .allMatch(drawing -> drawing.getAttribute("aria-hidden").equals("true"));
        assertThat(elements(page, "tr"))
                .as("every row has a heading, but the axes, which have nothing to tell")
                .allMatch(row -> row.getElementsByTagName("th").getLength() > 0
                        || row.getAttribute("aria-hidden").equals("true"));
    }

    /** If it breaks: an hour of measuring, and no report. */
    @Test
    void aFolderThatCannotTakeTheFilesIsFoundBeforehand(@TempDir Path folder) throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatIOException().isThrownBy(() -> ReportFiles.prepare(file));
        assertThatIOException().isThrownBy(() -> ReportFiles.prepare(file.resolve("below")));
        Files.createDirectory(folder.resolve("report.json"));
        assertThatIOException().isThrownBy(() -> ReportFiles.prepare(folder)).withMessageEndingWith("report.json");
        ReportFiles.prepare(folder.resolve("new"));
        assertThat(folder.resolve("new")).isEmptyDirectory();
    }

    @Test
    void theFilesLieInAFolderThatIsMadeForThem(@TempDir Path folder) throws IOException {
        Path asked = folder.resolve("a/b");
        List<Path> files = ReportFiles.write(SampleReport.report(), SampleReport.configurations(), asked);
        assertThat(files).extracting(Path::getFileName).hasToString("[report.html, report.json, report.txt]");
        assertThat(files).allMatch(Files::isRegularFile);
        ReportFiles.prepare(asked);
        ReportFiles.write(SampleReport.report(), List.of(), asked);
        assertThat(files.get(0)).content().doesNotContain("nbthread");
    }
}
