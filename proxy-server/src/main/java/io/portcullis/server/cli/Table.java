package io.portcullis.server.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Records under headings: aligned for a person, one a line with tabs and without headings for a program.
 *
 * <p>No cell is ever cut, and none reaches a terminal but through {@link Printable}: callers give them as they are.
 */
final class Table {

    private static final int GAP = 2;

    private final List<String> headings;
    private final List<List<String>> rows = new ArrayList<>();

    Table(String... headings) {
        this.headings = List.of(headings);
    }

    Table row(String... cells) {
        return row(Arrays.asList(cells));
    }

    /** @param cells as many as there are headings */
    Table row(List<String> cells) {
        if (cells.size() != headings.size()) {
            throw new IllegalArgumentException("cells: " + cells.size() + " (expected: " + headings.size() + ")");
        }
        rows.add(cells.stream().map(Printable::of).toList());
        return this;
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /** With headings, the columns under each other. */
    List<String> aligned() {
        List<List<String>> all = new ArrayList<>();
        all.add(headings);
        all.addAll(rows);
        return lines(all);
    }

    /** One line a record, a tab between cells. */
    List<String> plain() {
        return rows.stream().map(row -> String.join("\t", row)).toList();
    }

    /** One record as {@link #plain} has it, for those that are not collected first. */
    static String plain(List<String> cells) {
        return cells.stream().map(Printable::of).collect(Collectors.joining("\t"));
    }

    /** @param rows as many cells each; the first row is as good as any other, and so may be a heading */
    static List<String> lines(List<List<String>> rows) {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        List<String> lines = new ArrayList<>(rows.size());
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                line.append(row.get(i));
                line.append(
                        " ".repeat(i == columns - 1 ? 0 : widths[i] - row.get(i).length() + GAP));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }
}
