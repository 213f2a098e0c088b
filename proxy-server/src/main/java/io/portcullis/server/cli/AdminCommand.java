package io.portcullis.server.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import io.portcullis.core.net.Cidr;
import io.portcullis.server.admin.AdminJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What all commands share that speak to a running process: how it is found, and how a failure is told. */
abstract class AdminCommand implements Callable<Integer> {

    @Mixin
    private AdminOption adminOption = new AdminOption();

    @Mixin
    private JsonOption jsonOption = new JsonOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    /** @return the exit code */
    abstract int run(AdminClient process) throws AdminFailure;

    /** What is wrong with the command line beyond what picocli sees. */
    void checkUsage() {}

    @Override
    public final Integer call() {
        checkUsage();
        try {
            return run(adminOption.connect());
        } catch (AdminFailure e) {
            err().println("portcullis: " + e.getMessage());
            err().flush();
            if (wantsJson() && e.exitCode() != ExitCode.WRONG_USAGE) {
                JsonOption.printError(out(), String.valueOf(e.getMessage()));
            }
            return e.exitCode();
        } finally {
            out().flush();
        }
    }

    ConfigOption config() {
        return adminOption.config();
    }

    PrintWriter err() {
        return spec.commandLine().getErr();
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    boolean wantsJson() {
        return jsonOption.isWanted();
    }

    /** The records as whoever reads them wants them: aligned under headings on a terminal, else plain. */
    void print(Table table) {
        (Terminal.isStdout() ? table.aligned() : table.plain()).forEach(out()::println);
    }

    /** The parser's next value as it is, on a line of its own. */
    void copy(JsonParser document) throws IOException {
        try (JsonGenerator generator = AdminJson.writer(out())) {
            document.nextToken();
            generator.copyCurrentStructure(document);
        }
        out().println();
    }

    ParameterException wrongUsage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** An address or a block, for the path of a request. */
    String addressPath(String address) {
        checkAddress(address);
        return AdminClient.encoded(address);
    }

    void checkAddress(String address) {
        if (Cidr.parse(address) == null) {
            throw wrongUsage(
                    "ADDRESS: " + address + " (expected: an IPv4 or IPv6 address, or a block such as 2001:db8::/64)");
        }
    }
}
