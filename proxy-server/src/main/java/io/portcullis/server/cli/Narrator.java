package io.portcullis.server.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Help.Ansi;

/** Tells a story line by line, each line at once; in plain text where nobody sees colours. */
final class Narrator {

    private final PrintWriter out;
    private final Ansi ansi;
    private int steps;

    Narrator(PrintWriter out, Ansi ansi) {
        this.out = out;
        this.ansi = ansi;
    }

    void line(String text) {
        print(text);
    }

    /** Begins the next step. */
    void step(String title) {
        steps++;
        print("");
        print(styled("bold", steps + ". " + title));
    }

    /** What was done, and what came back. */
    void event(String who, String what, String cameBack) {
        print(String.format("   %-10s %-28s %s", who, what, cameBack));
    }

    /** What it means. */
    void meaning(String text) {
        print(styled("green", "   => " + text));
    }

    void failure(String text) {
        print(styled("red,bold", text));
    }

    /** The step being told, from 1. */
    int currentStep() {
        return steps;
    }

    /** Not picocli's markup, since the text may have the same characters. */
    private String styled(String styles, String text) {
        if (!ansi.enabled()) {
            return text;
        }
        Ansi.IStyle[] parsed = Ansi.Style.parse(styles);
        return Ansi.Style.on(parsed) + text + Ansi.Style.reset.off();
    }

    private void print(String text) {
        out.println(text);
        out.flush();
    }
}
