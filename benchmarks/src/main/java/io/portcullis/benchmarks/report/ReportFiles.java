package io.portcullis.benchmarks.report;

import io.portcullis.benchmarks.result.Report;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The files that a run leaves: {@code report.html}, {@code report.json} and {@code report.txt}. */
public final class ReportFiles {

    private ReportFiles() {}

    /**
     * Writes them over those of a former run.
     *
     * @param folder made where it is missing
     * @return the files, that for a browser first
     */
    public static List<Path> write(Report report, List<PeerConfiguration> configurations, Path folder)
            throws IOException {
        Files.createDirectories(folder);
        Path html = folder.resolve("report.html");
        Path json = folder.resolve("report.json");
        Path text = folder.resolve("report.txt");
        Files.writeString(html, HtmlReport.of(report, configurations));
        try (BufferedWriter out = Files.newBufferedWriter(json)) {
            JsonReport.write(report, configurations, out);
        }
        Files.writeString(text, TextReport.of(report));
        return List.of(html, json, text);
    }
}
