package io.portcullis.benchmarks.report;

import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.DoubleFunction;

/**
 * A plot that is a table: a row has a name, a drawing and the figures in words, so that nobody depends on the drawing.
 *
 * <p>Drawings measure in per cent across and in pixels down: they stretch, and nothing in them is ever distorted.
 */
final class Plot {

    private static final int ROW_HEIGHT = 20;
    private static final int MIDDLE = ROW_HEIGHT / 2;
    private static final int AXIS_HEIGHT = 18;
    private static final int AXIS_TEXT = 13;

    private final Markup page;
    private final Scale scale;

    private Plot(Markup page, Scale scale) {
        this.page = page;
        this.scale = scale;
    }

    /** @param caption what the plot shows, for those who cannot see it */
    static void draw(Markup page, Scale scale, String caption, Consumer<Plot> rows) {
        page.open("table", "class", "plot");
        // Not the caption itself: what is taken out of a table's flow leaves a row of its own in there.
        page.open("caption").element("span", caption, "class", "unseen").close();
        rows.accept(new Plot(page, scale));
        page.close();
    }

    /** One row: its name, a drawing, and the same in words. */
    void row(String name, String classes, Runnable drawing, String figure, String spread) {
        page.open("tr", "class", classes).element("th", name, "scope", "row").open("td", "class", "drawing");
        svg(ROW_HEIGHT, () -> {
            grid(ROW_HEIGHT);
            drawing.run();
        });
        page.close().open("td", "class", "figure").element("b", figure);
        if (!spread.isEmpty()) {
            page.text(" ").element("small", spread);
        }
        page.close().close();
    }

    /** A row of somebody who has no figures. */
    void rowWithout(String name, String why) {
        page.open("tr", "class", "without").element("th", name, "scope", "row").open("td", "class", "drawing");
        svg(ROW_HEIGHT, () -> grid(ROW_HEIGHT));
        page.close().element("td", why, "class", "figure").close();
    }

    void axis(DoubleFunction<String> label) {
        page.open("tr", "class", "axis", "aria-hidden", "true")
                .element("td", "")
                .open("td", "class", "drawing");
        svg(AXIS_HEIGHT, () -> {
            for (double tick : scale.ticks()) {
                page.element(
                        "text",
                        label.apply(tick),
                        "x",
                        at(tick),
                        "y",
                        Integer.toString(AXIS_TEXT),
                        "text-anchor",
                        "middle");
            }
        });
        page.close().element("td", "").close();
    }

    private void svg(int height, Runnable content) {
        page.open("svg", "height", Integer.toString(height), "aria-hidden", "true");
        content.run();
        page.close();
    }

    private void grid(int height) {
        for (double tick : scale.ticks()) {
            line("grid", tick, 0, height);
        }
    }

    /** A vertical line over the whole height of a row. */
    void rule(String classes, double figure) {
        line(classes, figure, 0, ROW_HEIGHT);
    }

    /** A short vertical line across the middle of a row. */
    void tick(String classes, double figure) {
        line(classes, figure, MIDDLE - 7, MIDDLE + 7);
    }

    private void line(String classes, double figure, int top, int bottom) {
        String x = at(figure);
        page.empty(
                "line",
                "class",
                classes,
                "x1",
                x,
                "x2",
                x,
                "y1",
                Integer.toString(top),
                "y2",
                Integer.toString(bottom));
    }

    /** A horizontal line in the middle of a row. */
    void span(String classes, double from, double to) {
        String y = Integer.toString(MIDDLE);
        page.empty("line", "class", classes, "x1", at(from), "x2", at(to), "y1", y, "y2", y);
    }

    /** A rectangle as high as a row, or as a bar in it. */
    void area(String classes, double from, double to, boolean isBar) {
        double left = Math.min(scale.position(from), scale.position(to));
        double right = Math.max(scale.position(from), scale.position(to));
        page.empty(
                "rect",
                "class",
                classes,
                "x",
                Scale.percent(left),
                "width",
                Scale.percent(right - left),
                "y",
                isBar ? "5" : "0",
                "height",
                Integer.toString(isBar ? ROW_HEIGHT - 10 : ROW_HEIGHT));
    }

    /** A short vertical line across the middle of a row; an arrow, if the figure lies beyond the plot's end. */
    void tickOrArrow(String classes, double figure) {
        if (!scale.isBeyond(figure)) {
            tick(classes, figure);
            return;
        }
        boolean isLeft = figure < scale.from();
        page.element(
                "text",
                isLeft ? "«" : "»",
                "class",
                "beyond",
                "x",
                at(figure),
                "y",
                Integer.toString(MIDDLE + 5),
                "text-anchor",
                isLeft ? "start" : "end");
    }

    /** @param hint what a pointer that rests on it reads */
    void dot(String classes, double figure, double radius, String hint) {
        page.open(
                "circle",
                "class",
                classes,
                "cx",
                at(figure),
                "cy",
                Integer.toString(MIDDLE),
                "r",
                String.format(Locale.ROOT, "%.1f", radius));
        page.element("title", hint).close();
    }

    private String at(double figure) {
        return Scale.percent(scale.position(figure));
    }
}
