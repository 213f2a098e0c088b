package io.portcullis.server.cli;

import io.portcullis.server.config.ConfigLoader;
import io.portcullis.server.observe.OperatorLog;
import io.portcullis.server.runtime.ConfigSource;
import io.portcullis.server.runtime.Portcullis;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code demo}: the real proxy with sample sites behind it, a visitor and an attacker, told line by line. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        header = "See it work: the real proxy, two sample sites, an attacker.",
        description = {
            "Everything is real, on free ports of 127.0.0.1, and told line by line. Then it stays up to be tried by hand,"
                    + " until Ctrl-C; nothing is left behind."
        },
        footer = {
            "  portcullis demo                 the story, then a proxy to play with",
            "  portcullis demo --once          the story alone",
            "  portcullis demo --port 8000     on a port that a browser remembers"
        },
        exitCodeList = {"0:it went as told", "1:some step did not", "2:wrong usage"})
final class DemoCommand implements Callable<Integer> {

    /** Longer than it takes to close everything. */
    private static final int CLEANING_SECONDS = 10;

    @Option(names = "--once", description = "end after the story")
    private boolean once;

    @Option(names = "--port", paramLabel = "N", description = "the proxy's port (default: any free one)")
    private int port;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch cleaned = new CountDownLatch(1);
    private volatile boolean stays;

    @Override
    public Integer call() {
        if (port < 0 || port > 65535) {
            throw new ParameterException(spec.commandLine(), "--port: " + port + " (expected: 0 to 65535)");
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "shutdown"));
        try (SampleSite shop = SampleSite.start("shop");
                SampleSite blog = SampleSite.start("blog");
                DemoFiles files = DemoFiles.write(port, shop, blog)) {
            Narrator narrator = new Narrator(
                    spec.commandLine().getOut(),
                    spec.commandLine().getColorScheme().ansi());
            return play(shop, blog, files, narrator);
        } catch (IOException e) {
            complain(String.valueOf(e.getMessage()));
            return ExitCode.NOT_SO;
        } finally {
            cleaned.countDown();
        }
    }

    /** Starts the proxy with what the files say, tells the story, and stays up if that is wanted. */
    int play(SampleSite shop, SampleSite blog, DemoFiles files, Narrator narrator) throws IOException {
        try (Portcullis proxy = Portcullis.start(
                ConfigLoader.load(files.mainFile()).orElseThrow(), ConfigSource.file(files.mainFile()))) {
            DemoStory story = new DemoStory(proxy, shop, blog, narrator);
            List<String> missing = story.missingAddresses();
            if (!missing.isEmpty()) {
                complain("the demo's clients cannot have " + String.join(" and ", missing)
                        + ". Linux has all of 127.0.0.0/8; elsewhere add them first: sudo ifconfig lo0 alias"
                        + " 127.0.0.2 up, the same for 127.0.0.3");
                return ExitCode.NOT_SO;
            }
            int proxyPort = proxy.listeners().get(0).address().getPort();
            introduce(proxyPort, List.of(shop, blog), files, narrator);
            OperatorLog.quiet(true); // the story itself says who is banned
            boolean asTold = story.tell();
            OperatorLog.quiet(false);
            if (asTold && !once) {
                stays = true;
                invite(proxy, files, narrator);
                awaitStop();
            }
            return asTold ? ExitCode.DONE : ExitCode.NOT_SO;
        }
    }

    private static void introduce(int proxyPort, List<SampleSite> sites, DemoFiles files, Narrator narrator) {
        narrator.line(
                "Portcullis in front of two sample sites. All connections are real, and none leaves this machine.");
        narrator.line("");
        narrator.line("   proxy           http://127.0.0.1:" + proxyPort);
        for (SampleSite site : sites) {
            narrator.line("   host " + site.name() + "       http://" + site.serverName() + ":" + proxyPort
                    + "  ->  http://127.0.0.1:" + site.port());
        }
        narrator.line("   configuration   " + files.mainFile());
        narrator.line("   the jail in it  " + DemoFiles.JAIL);
    }

    private static void invite(Portcullis proxy, DemoFiles files, Narrator narrator) {
        String url = "http://127.0.0.1:" + proxy.listeners().get(0).address().getPort();
        narrator.line("");
        narrator.line("The proxy stays up until Ctrl-C; bans are logged below. Try it from another terminal:");
        narrator.line("");
        narrator.line("   curl -H 'Host: shop.localhost' " + url + "/");
        narrator.line("   for i in 1 2 3 4 5 6; do curl --interface 127.0.0.2 -H 'Host: shop.localhost' " + url
                + "/admin; done");
        narrator.line("   curl --interface 127.0.0.2 -H 'Host: blog.localhost' " + url + "/");
        proxy.admin().ifPresent(admin -> {
            String running = " --admin " + admin.address() + " -c " + files.mainFile();
            narrator.line("   bin/portcullis why 127.0.0.2" + running);
            narrator.line("   bin/portcullis unban 127.0.0.2" + running);
        });
        narrator.line("   cat " + files.mainFile() + " " + files.hostFile("shop"));
        narrator.line("");
        narrator.line("127.0.0.1 is on the allowlist, so it is never banned: 127.0.0.2 plays the attacker.");
    }

    private void awaitStop() {
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void complain(String text) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("portcullis: " + text);
        err.flush();
    }

    /** Runs in the JVM's shutdown: a signal has the demo clean up, and is the proper end of one that stays up. */
    private void stop() {
        stopped.countDown();
        try {
            cleaned.await(CLEANING_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (stays) {
            OperatorLog.stop();
            Runtime.getRuntime().halt(ExitCode.DONE);
        }
    }
}
