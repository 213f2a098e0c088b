package io.portcullis.benchmarks.report;

import java.util.ArrayList;
import java.util.List;

/** Text in lines that a terminal of the usual width shows whole. */
final class TextLines {

    static final int COLUMNS = 80;

    private TextLines() {}

    /** Broken between words; a word that is longer than a line stays whole. What is indented goes on two columns further in. */
    static List<String> wrapped(String text, int columns) {
        if (text.length() <= columns) {
            return List.of(text);
        }
        String indent = " ".repeat(text.length() - text.stripLeading().length());
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(indent);
        boolean isEmpty = true;
        for (String word : text.strip().split(" ", -1)) {
            if (!isEmpty && line.length() + 1 + word.length() > columns) {
                lines.add(line.toString().stripTrailing());
                line = new StringBuilder(indent.isEmpty() ? "" : indent + "  ");
                isEmpty = true;
            }
            line.append(isEmpty ? "" : " ").append(word);
            isEmpty = false;
        }
        lines.add(line.toString().stripTrailing());
        return lines;
    }
}
