package io.portcullis.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalTest {

    @Test
    void coloursNeedATerminalThatHasThemAndNobodyWhoDeclines() {
        assertThat(Terminal.hasColours(true, Map.of("TERM", "xterm"))).isTrue();
        assertThat(Terminal.hasColours(false, Map.of("TERM", "xterm"))).isFalse();
        assertThat(Terminal.hasColours(true, Map.of("TERM", "xterm", "NO_COLOR", "1")))
                .isFalse();
        assertThat(Terminal.hasColours(true, Map.of("TERM", "xterm", "NO_COLOR", "")))
                .isTrue();
        assertThat(Terminal.hasColours(true, Map.of("TERM", "dumb"))).isFalse();
        assertThat(Terminal.hasColours(true, Map.of())).isFalse();
    }

    @Test
    void theWidthIsTheTerminalsWithinWhatCanBeRead() {
        assertThat(Terminal.columns("72")).isEqualTo(72);
        assertThat(Terminal.columns("20")).isEqualTo(55);
        assertThat(Terminal.columns("300")).isEqualTo(100);
        assertThat(Terminal.columns("0")).isEqualTo(80);
        assertThat(Terminal.columns("")).isEqualTo(80);
        assertThat(Terminal.columns("wide")).isEqualTo(80);
    }

    @Test
    void aParagraphBreaksBetweenWordsAndKeepsLongOnesWhole() {
        assertThat(Paragraph.lines("one two three", "  ", 9)).containsExactly("  one two", "  three");
        assertThat(Paragraph.lines("see /a/very/long/path now", "  ", 9))
                .containsExactly("  see", "  /a/very/long/path", "  now");
    }
}
