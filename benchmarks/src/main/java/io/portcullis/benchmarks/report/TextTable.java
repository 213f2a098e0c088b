package io.portcullis.benchmarks.report;

import java.util.ArrayList;
import java.util.List;

/** Cells in columns that stand under each other. */
final class TextTable {

    private static final int GAP = 2;

    private final String indent;
    private final List<List<String>> rows = new ArrayList<>();

    TextTable(String indent) {
        this.indent = indent;
    }

    /** @param cells as many as every other row has */
    TextTable row(List<String> cells) {
        rows.add(cells.stream().map(TextTable::printable).toList());
        return this;
    }

    /** One line a row, without blanks at its end. */
    List<String> lines() {
        int columns = rows.isEmpty() ? 0 : rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length() + GAP);
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder(indent);
            for (int i = 0; i < columns; i++) {
                String cell = row.get(i);
                line.append(cell).append(" ".repeat(widths[i] - cell.length()));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    /** What a program said that failed may have colours and worse in it: on a terminal they are to be seen, and not obeyed. */
    static String printable(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints()
                .map(character -> Character.isISOControl(character) ? '\uFFFD' : character)
                .forEach(safe::appendCodePoint);
        return safe.toString();
    }
}
