package io.portcullis.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Figures of peers side by side, in one table or in several under each other, whose columns stand in line. It is never
 * wider than a terminal: where there is no room for a figure's spread beside it, it stands beneath; where not even that is
 * enough, the peers that do not fit follow in a table of their own.
 */
final class PeerTable {

    private static final String INDENT = "  ";
    private static final int GAP = 2;
    /** Narrower, and a label is torn into single words. */
    private static final int LEAST_LABEL = 22;

    private final List<Section> sections = new ArrayList<>();

    /**
     * What stands in a row for a peer.
     *
     * @param sign before the figure; may be empty, as may the spread
     */
    record Cell(String sign, String figure, String spread) {

        private String beside() {
            return sign + figure + (spread.isEmpty() ? "" : " (" + spread + ")");
        }

        private List<String> beneath() {
            return spread.isEmpty()
                    ? List.of(sign + figure)
                    : List.of(sign + figure, " ".repeat(sign.length()) + spread);
        }

        private List<String> lines(boolean isBeside) {
            return isBeside ? List.of(beside()) : beneath();
        }

        private int width(boolean isBeside) {
            return lines(isBeside).stream().mapToInt(String::length).max().orElse(0);
        }
    }

    /** One of the tables: its rows are of the same peers. */
    static final class Section {

        private final String name;
        private final List<Cell> head;
        private final List<String> labels = new ArrayList<>();
        private final List<List<Cell>> rows = new ArrayList<>();

        private Section(String name, List<String> peers) {
            this.name = name;
            this.head = peers.stream().map(peer -> new Cell("", peer, "")).toList();
        }

        /** @param cells one a peer */
        Section row(String label, List<Cell> cells) {
            labels.add(label);
            rows.add(cells);
            return this;
        }

        private int width(int column, boolean isBeside) {
            if (column >= head.size()) {
                return 0;
            }
            return IntStream.concat(
                            IntStream.of(head.get(column).width(isBeside)),
                            rows.stream().mapToInt(row -> row.get(column).width(isBeside)))
                    .max()
                    .orElse(0);
        }
    }

    /** @param name stands before the peers' names; may be empty */
    Section section(String name, List<String> peers) {
        Section section = new Section(name, peers);
        sections.add(section);
        return section;
    }

    List<String> lines() {
        boolean isBeside = isInOneBand(true) || !isInOneBand(false);
        List<Integer> widths = widths(isBeside);
        int most = isInOneBand(isBeside) ? widths.size() : columnsBesideLeastLabel(widths);
        int label = Math.min(longestLabel(), TextLines.COLUMNS - INDENT.length() - widest(widths, most));
        List<String> lines = new ArrayList<>();
        for (Section section : sections) {
            for (int from = 0; from == 0 || from < section.head.size(); from += most) {
                int to = Math.min(section.head.size(), from + most);
                write(section, lines, new Band(from, to, label, widths, isBeside));
            }
        }
        return lines;
    }

    /** Columns that stand side by side. */
    private record Band(int from, int to, int label, List<Integer> widths, boolean isBeside) {

        void row(List<String> lines, List<String> labels, List<Cell> cells) {
            List<List<String>> columns = cells.subList(from, to).stream()
                    .map(cell -> cell.lines(isBeside))
                    .toList();
            int height = Math.max(
                    labels.size(), columns.stream().mapToInt(List::size).max().orElse(0));
            for (int i = 0; i < height; i++) {
                StringBuilder line = new StringBuilder(INDENT).append(padded(labels, i, label));
                for (int column = from; column < to; column++) {
                    line.append(" ".repeat(GAP)).append(padded(columns.get(column - from), i, widths.get(column)));
                }
                lines.add(line.toString().stripTrailing());
            }
        }

        private static String padded(List<String> lines, int index, int width) {
            String text = index < lines.size() ? lines.get(index) : "";
            return text + " ".repeat(Math.max(0, width - text.length()));
        }
    }

    private static void write(Section section, List<String> lines, Band band) {
        band.row(lines, List.of(section.name), section.head);
        for (int i = 0; i < section.rows.size(); i++) {
            List<String> label = TextLines.wrapped(section.labels.get(i), band.label - INDENT.length()).stream()
                    .map(line -> INDENT + line)
                    .collect(Collectors.toList());
            band.row(lines, label, section.rows.get(i));
        }
    }

    private boolean isInOneBand(boolean isBeside) {
        List<Integer> widths = widths(isBeside);
        int label = Math.min(longestLabel(), LEAST_LABEL);
        return INDENT.length() + label + widest(widths, widths.size()) <= TextLines.COLUMNS;
    }

    private static int columnsBesideLeastLabel(List<Integer> widths) {
        int columns = 1;
        while (columns < widths.size()
                && INDENT.length() + LEAST_LABEL + widest(widths, columns + 1) <= TextLines.COLUMNS) {
            columns++;
        }
        return columns;
    }

    /** Of so many columns side by side, wherever they begin. */
    private static int widest(List<Integer> widths, int columns) {
        return IntStream.rangeClosed(0, widths.size() - columns)
                .map(from -> IntStream.range(from, from + columns)
                        .map(column -> widths.get(column) + GAP)
                        .sum())
                .max()
                .orElse(0);
    }

    private List<Integer> widths(boolean isBeside) {
        int columns =
                sections.stream().mapToInt(section -> section.head.size()).max().orElse(0);
        return IntStream.range(0, columns)
                .map(column -> sections.stream()
                        .mapToInt(section -> section.width(column, isBeside))
                        .max()
                        .orElse(0))
                .boxed()
                .toList();
    }

    private int longestLabel() {
        return sections.stream()
                .flatMapToInt(section -> IntStream.concat(
                        IntStream.of(section.name.length()),
                        section.labels.stream().mapToInt(label -> INDENT.length() + label.length())))
                .max()
                .orElse(0);
    }
}
