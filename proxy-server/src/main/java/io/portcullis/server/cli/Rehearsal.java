package io.portcullis.server.cli;

import io.portcullis.server.config.ConfigLoader;
import io.portcullis.server.observe.OperatorLog;
import io.portcullis.server.runtime.ConfigSource;
import io.portcullis.server.runtime.Portcullis;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Help.Ansi;

/**
 * What {@code prepare} has the JVM learn from: the demo's story, then a proxy as {@code run} starts it, with TLS, a store
 * and an admin API, that serves and ends as by a signal. Every class that is met here is there at once at each start, and makes it
 * longer by some microseconds: whatever belongs to a start belongs here, and nothing else.
 */
final class Rehearsal {

    private static final Pattern READY = Pattern.compile("ready http=127\\.0\\.0\\.1:(\\d+) https=.* admin=.*");

    /** Certificate and key, in one file. */
    private static final String CERTIFICATE = "rehearsal.pem";

    private static final String OWN_HOST = "rehearsal.localhost";

    /** More than once, for the second is served by the endpoint's pooled connection. */
    private static final int REQUESTS = 3;

    private Rehearsal() {}

    public static void main(String[] args) throws IOException {
        OperatorLog.name();
        linkCertificates();
        SampleSite shop = SampleSite.start("shop");
        SampleSite blog = SampleSite.start("blog");
        DemoFiles files = DemoFiles.write(0, shop, blog);
        PrintWriter out = StandardOutput.writer();
        boolean asTold;
        try (Portcullis proxy = Portcullis.start(
                ConfigLoader.load(files.mainFile()).orElseThrow(), ConfigSource.file(files.mainFile()))) {
            asTold = new DemoStory(proxy, shop, blog, new Narrator(out, Ansi.OFF)).tell();
        }
        out.flush();
        if (!asTold) {
            files.close();
            System.exit(ExitCode.NOT_SO);
        }
        Path toRun = withStoreAndTls(files);
        addOwnHost(files, shop);
        // A store is made once, and opened at each start.
        Portcullis.start(ConfigLoader.load(toRun).orElseThrow(), ConfigSource.file(toRun))
                .close();
        PipedWriter said = new PipedWriter();
        BufferedReader ready = new BufferedReader(new PipedReader(said));
        Thread visitor = new Thread(() -> visit(ready, shop, files), "visitor");
        visitor.setDaemon(true);
        visitor.start();
        // The visitor ends the process.
        RunArguments words =
                RunArguments.of(new String[] {"run", "-c", toRun.toString()}).orElseThrow();
        System.exit(Main.run(words, new PrintWriter(said)));
    }

    /**
     * Reads a certificate while there is no other thread. What the JVM comes upon while one thread has loaded it and not yet
     * made it ready for use it leaves out of the archive, and all that extends it; several meet certificates at once.
     */
    private static void linkCertificates() throws IOException {
        try (InputStream certificate = Rehearsal.class.getResourceAsStream(CERTIFICATE)) {
            CertificateFactory.getInstance("X.509").generateCertificate(certificate);
        } catch (CertificateException e) {
            throw new IOException(CERTIFICATE, e);
        }
    }

    private static Path withStoreAndTls(DemoFiles files) throws IOException {
        Path file = files.mainFile().resolveSibling("run.conf");
        try (InputStream certificate = Rehearsal.class.getResourceAsStream(CERTIFICATE)) {
            Files.write(
                    file.resolveSibling(CERTIFICATE),
                    Objects.requireNonNull(certificate, CERTIFICATE).readAllBytes());
        }
        String tls = "tls { certificate = \"" + CERTIFICATE + "\", key = \"" + CERTIFICATE + "\" }";
        Files.write(
                file,
                List.of(
                        "include \"" + files.mainFile().getFileName() + "\"",
                        "portcullis.listeners { https { bind = \"127.0.0.1:0\", " + tls + " } }",
                        "portcullis { transport = ${?PORTCULLIS_REHEARSAL} }", // as containers have it
                        "portcullis { limits { max-head-size = 16KiB } }",
                        "portcullis { bans { store { type = file, path = \"bans\" } } }"));
        return file;
    }

    /** A host as many have it: routes to several ends, and what the proxy answers by itself. */
    private static void addOwnHost(DemoFiles files, SampleSite site) throws IOException {
        Files.write(
                files.hostFile("rehearsal"),
                List.of(
                        "server-names = [\"" + OWN_HOST + "\", \"*." + OWN_HOST + "\"]",
                        "routes = [",
                        "  { path = \"/api/\", upstream = \"http://127.0.0.1:" + site.port()
                                + "\", strip-prefix = true }",
                        "  { path = \"/old\", redirect = \"/new\", status = 301 }",
                        "  { path = \"/healthy\", status = 200, body = \"yes\" }",
                        "]"));
    }

    private static void visit(BufferedReader said, SampleSite site, DemoFiles files) {
        boolean asTold = false;
        try (files) {
            String line = String.valueOf(said.readLine());
            Matcher ready = READY.matcher(line);
            if (!ready.matches()) {
                throw new IOException(line + " (expected: ready, and where)");
            }
            int port = Integer.parseInt(ready.group(1));
            DemoClient visitor = new DemoClient(3, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            asTold = true;
            for (int i = 0; i < REQUESTS; i++) {
                asTold &= visitor.get(site.serverName(), "/").equals("200");
            }
            asTold &= visitor.get(OWN_HOST, "/api/").equals("200");
            asTold &= visitor.get(OWN_HOST, "/old").equals("301");
            asTold &= visitor.get(OWN_HOST, "/healthy").equals("200");
            asTold &= visitor.get(OWN_HOST, "/nothing").equals("404");
        } catch (IOException | RuntimeException e) {
            e.printStackTrace(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        }
        if (!asTold) {
            Runtime.getRuntime().halt(ExitCode.NOT_SO);
        }
        System.exit(ExitCode.DONE);
    }
}
