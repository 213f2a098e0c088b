package io.portcullis.benchmarks.load.generator;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.portcullis.benchmarks.load.LoadResult;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A run of what the load process does, in this process: told to go as soon as it is ready. */
final class OneRun {

    private OneRun() {}

    /** @param arguments the kind and options, with spaces between; a lead-in is left out unless it is said */
    static LoadResult of(String arguments) throws IOException, InterruptedException, TimeoutException {
        List<String> all = new ArrayList<>(List.of(arguments.split(" ", -1)));
        boolean canLeadIn = Kind.of(all.get(0)).defaults().containsKey(Option.LEAD_IN);
        if (canLeadIn && !all.contains("--lead-in")) {
            all.addAll(List.of("--lead-in", "0"));
        }
        LoadOptions options = LoadOptions.parse(all);
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8)) {
            LoadMain.run(options, group.next(), new BufferedReader(new StringReader("go\n")), out);
        } finally {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        }
        List<String> lines = said.toString(StandardCharsets.UTF_8).lines().toList();
        if (lines.size() != 2 || !lines.get(0).equals("ready")) {
            throw new IOException("the load said: " + lines + " (expected: ready, and one line of JSON)");
        }
        return OutcomeJson.read("own", lines.get(1));
    }
}
