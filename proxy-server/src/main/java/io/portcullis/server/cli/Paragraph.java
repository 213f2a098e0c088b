package io.portcullis.server.cli;

import java.util.ArrayList;
import java.util.List;

/** Text broken into lines between its words; a word that is longer than a line stays whole. */
final class Paragraph {

    private Paragraph() {}

    static List<String> lines(String text, String indent, int columns) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(indent);
        for (String word : text.split(" ", -1)) {
            boolean isFirst = line.length() == indent.length();
            if (!isFirst && line.length() + 1 + word.length() > columns) {
                lines.add(line.toString());
                line.setLength(indent.length());
                isFirst = true;
            }
            line.append(isFirst ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
