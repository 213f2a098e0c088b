package io.portcullis.server.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows as lines whose columns stand under each other. */
final class Table {

    private static final int GAP = 2;

    private Table() {}

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
            lines.add(line.toString());
        }
        return lines;
    }
}
