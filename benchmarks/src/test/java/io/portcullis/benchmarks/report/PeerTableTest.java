package io.portcullis.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** However many peers there are and whatever they are called, a terminal of 80 columns shows the table whole. */
class PeerTableTest {

    private static final PeerTable.Cell CELL = new PeerTable.Cell("▲ ", "0.91", "0.81–0.96");

    @Test
    void aSpreadStandsBesideItsFigureWhereThereIsRoom() {
        assertThat(table("CPU", "nginx", "haproxy").lines())
                .containsExactly(
                        "  small  nginx               haproxy", "    CPU  ▲ 0.91 (0.81–0.96)  ▲ 0.91 (0.81–0.96)");
    }

    @Test
    void elseItStandsBeneathIt() {
        assertThat(table("CPU", "nginx", "haproxy", "caddy", "httpd").lines())
                .containsExactly(
                        "  small  nginx        haproxy      caddy        httpd",
                        "    CPU  ▲ 0.91       ▲ 0.91       ▲ 0.91       ▲ 0.91",
                        "           0.81–0.96    0.81–0.96    0.81–0.96    0.81–0.96");
    }

    @Test
    void aLongNameIsBrokenBetweenWords() {
        assertThat(table("requests that reached the application after all", "nginx", "haproxy", "caddy", "httpd")
                        .lines())
                .containsExactly(
                        "  small                       nginx        haproxy      caddy        httpd",
                        "    requests that reached     ▲ 0.91       ▲ 0.91       ▲ 0.91       ▲ 0.91",
                        "    the application after       0.81–0.96    0.81–0.96    0.81–0.96    0.81–0.96",
                        "    all");
    }

    @Test
    void whoDoesNotFitFollowsBelow() {
        List<String> lines = table("CPU", "a", "b", "c", "d", "e", "f", "g").lines();
        assertThat(lines).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        assertThat(lines.stream().filter(line -> line.startsWith("  small")))
                .containsExactly(
                        "  small  a                   b",
                        "  small  c                   d",
                        "  small  e                   f",
                        "  small  g");
    }

    private static PeerTable table(String label, String... peers) {
        PeerTable table = new PeerTable();
        table.section("small", List.of(peers))
                .row(label, List.of(peers).stream().map(peer -> CELL).toList());
        return table;
    }
}
