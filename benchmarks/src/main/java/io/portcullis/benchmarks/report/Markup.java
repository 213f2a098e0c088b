package io.portcullis.benchmarks.report;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/**
 * Writes elements that are HTML and well-formed XML at once. Text and values are escaped here and nowhere else: whatever a
 * peer, a machine or a failure calls itself, it is no markup.
 */
final class Markup {

    /** After these a line ends, for whoever looks at the source: white space that no browser shows. */
    private static final Set<String> BLOCKS = Set.of(
            "head",
            "body",
            "header",
            "main",
            "section",
            "article",
            "footer",
            "div",
            "table",
            "thead",
            "tbody",
            "tr",
            "ul",
            "ol",
            "li",
            "dl",
            "dt",
            "dd",
            "p",
            "h1",
            "h2",
            "h3",
            "h4",
            "details",
            "summary",
            "pre",
            "figure",
            "figcaption",
            "meta",
            "title",
            "style",
            "nav");

    private final StringBuilder page = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();

    Markup doctype() {
        page.append("<!DOCTYPE html>\n");
        return this;
    }

    /** @param attributes name, value, name, value, … */
    Markup open(String element, String... attributes) {
        begin(element, attributes);
        page.append('>');
        open.push(element);
        return this;
    }

    /** The element that was opened last. */
    Markup close() {
        String element = open.pop();
        page.append("</").append(element).append('>');
        endLine(element);
        return this;
    }

    /** An element that has nothing inside. */
    Markup empty(String element, String... attributes) {
        begin(element, attributes);
        page.append("/>");
        endLine(element);
        return this;
    }

    /** An element that has nothing but text inside. */
    Markup element(String element, String text, String... attributes) {
        return open(element, attributes).text(text).close();
    }

    Markup text(String text) {
        escape(text);
        return this;
    }

    /** A style sheet of ours: HTML takes its text as it is, so that it must have nothing in it that XML would escape. */
    Markup style(String sheet) {
        if (sheet.indexOf('<') >= 0 || sheet.indexOf('&') >= 0) {
            throw new IllegalArgumentException("a style sheet with < or & (expected: none)");
        }
        page.append("<style>\n").append(sheet).append("</style>\n");
        return this;
    }

    @Override
    public String toString() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("still open: " + open);
        }
        return page.toString();
    }

    private void begin(String element, String... attributes) {
        page.append('<').append(element);
        for (int i = 0; i < attributes.length; i += 2) {
            page.append(' ').append(attributes[i]).append("=\"");
            escape(attributes[i + 1]);
            page.append('"');
        }
    }

    private void endLine(String element) {
        if (BLOCKS.contains(element)) {
            page.append('\n');
        }
    }

    private void escape(String text) {
        text.codePoints().forEach(character -> {
            switch (character) {
                case '&' -> page.append("&amp;");
                case '<' -> page.append("&lt;");
                case '>' -> page.append("&gt;");
                case '"' -> page.append("&quot;");
                default -> page.appendCodePoint(isAllowed(character) ? character : '\uFFFD');
            }
        });
    }

    /** What XML 1.0 calls a character (section 2.2), without a carriage return: a parser would make a line end of it. */
    private static boolean isAllowed(int character) {
        return character == '\t'
                || character == '\n'
                || (character >= ' ' && character < 0x7F)
                || (character > 0x9F && character <= 0xD7FF)
                || (character >= 0xE000 && character <= 0xFFFD)
                || (character >= 0x10000 && character <= 0x10FFFF);
    }
}
