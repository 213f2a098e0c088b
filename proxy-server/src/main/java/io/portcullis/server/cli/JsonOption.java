package io.portcullis.server.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.portcullis.server.admin.AdminJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import picocli.CommandLine.Option;

/** {@code --json}: one document on stdout, whatever becomes of the command. */
final class JsonOption {

    @Option(names = "--json", description = "print one JSON document, also on failure")
    private boolean wanted;

    boolean isWanted() {
        return wanted;
    }

    /** What writes a document. */
    interface Document {
        void writeTo(JsonGenerator json) throws IOException;
    }

    /** The document, on a line of its own. */
    static void print(PrintWriter out, Document document) {
        try (JsonGenerator json = AdminJson.writer(out)) {
            document.writeTo(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a PrintWriter throws none
        }
        out.println();
        out.flush();
    }

    /** {@code {"error": …}}, for a command that could not do what it was asked for. */
    static void printError(PrintWriter out, String message) {
        print(out, json -> {
            json.writeStartObject();
            json.writeStringField("error", message);
            json.writeEndObject();
        });
    }
}
