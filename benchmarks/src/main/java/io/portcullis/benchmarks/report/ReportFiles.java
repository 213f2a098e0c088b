package io.portcullis.benchmarks.report;

import io.portcullis.benchmarks.result.Report;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The files that a run leaves: {@code report.html}, {@code report.json} and {@code report.txt}. */
public final class ReportFiles {

    private static final String HTML = "report.html";
    private static final String JSON = "report.json";
    private static final String TEXT = "report.txt";

    private ReportFiles() {}

    /**
     * Makes the folder, and tries whether the files can be written there: who measures for an hour wants to know before.
     *
     * @throws IOException if they cannot; the message names the folder or the file, and what is wrong with it
     */
    public static void prepare(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.delete(Files.createTempFile(folder, ".report", ".tmp"));
        for (String name : List.of(HTML, JSON, TEXT)) {
            Path file = folder.resolve(name);
            if (Files.exists(file) && (!Files.isRegularFile(file) || !Files.isWritable(file))) {
                throw new AccessDeniedException(file.toString());
            }
        }
    }

    /**
     * Writes them over those of a former run.
     *
     * @param folder made where it is missing
     * @return the files, that for a browser first
     */
    public static List<Path> write(Report report, List<PeerConfiguration> configurations, Path folder)
            throws IOException {
        Files.createDirectories(folder);
        Path html = folder.resolve(HTML);
        Path json = folder.resolve(JSON);
        Path text = folder.resolve(TEXT);
        Files.writeString(html, HtmlReport.of(report, configurations));
        try (BufferedWriter out = Files.newBufferedWriter(json)) {
            JsonReport.write(report, configurations, out);
        }
        Files.writeString(text, TextReport.of(report));
        return List.of(html, json, text);
    }
}
