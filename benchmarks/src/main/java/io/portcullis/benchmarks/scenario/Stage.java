package io.portcullis.benchmarks.scenario;

import io.portcullis.benchmarks.application.Application;
import io.portcullis.benchmarks.peer.Certificate;
import io.portcullis.benchmarks.peer.Feature;
import io.portcullis.benchmarks.peer.Peer;
import io.portcullis.benchmarks.peer.RunningPeer;
import io.portcullis.benchmarks.peer.Setup;
import io.portcullis.benchmarks.process.CoreSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * Where a scenario is played: what all proxies share.
 *
 * @param directory for the proxies' files
 * @param cores which of them are whose
 */
public record Stage(Path directory, Application application, Certificate certificate, Shares cores) {

    /** What a proxy takes to start, about. */
    static final Duration TO_START = Duration.ofSeconds(1);

    /**
     * Which cores are whose.
     *
     * @param proxies those of the proxies
     * @param others those of the application and of the load
     * @param all that there are
     */
    public record Shares(CoreSet proxies, CoreSet others, CoreSet all) {}

    /** The cores of the application and of the load. */
    CoreSet others() {
        return cores.others();
    }

    /**
     * Starts a proxy on the proxies' cores, and waits until the application answers through it.
     *
     * @param features what is wanted; those that the proxy does not have are left out
     */
    RunningPeer start(Peer peer, int hosts, Set<Feature> features) throws IOException {
        return start(peer, hosts, features, cores.proxies());
    }

    /** The same on all cores, as it is started on a machine that it is put to use on: for what has no load beside it. */
    RunningPeer startOnAllCores(Peer peer) throws IOException {
        return start(peer, 1, Set.of(), cores.all());
    }

    private RunningPeer start(Peer peer, int hosts, Set<Feature> features, CoreSet where) throws IOException {
        EnumSet<Feature> on = EnumSet.noneOf(Feature.class);
        features.stream().filter(peer.features()::contains).forEach(on::add);
        Setup setup = new Setup(application.port(), hosts, on, certificate);
        return peer.start(setup, Files.createTempDirectory(directory, peer.name() + "-"), where);
    }
}
