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
import java.util.EnumSet;
import java.util.Set;

/**
 * Where a scenario is played: what all proxies share.
 *
 * @param directory for the proxies' files
 * @param proxies the cores of the proxies
 * @param others the cores of the application and of the load
 */
public record Stage(Path directory, Application application, Certificate certificate, CoreSet proxies, CoreSet others) {

    /**
     * Starts a proxy, and waits until the application answers through it.
     *
     * @param features what is wanted; those that the proxy does not have are left out
     */
    RunningPeer start(Peer peer, int hosts, Set<Feature> features) throws IOException {
        EnumSet<Feature> on = EnumSet.noneOf(Feature.class);
        features.stream().filter(peer.features()::contains).forEach(on::add);
        Setup setup = new Setup(application.port(), hosts, on, certificate);
        return peer.start(setup, Files.createTempDirectory(directory, peer.name() + "-"), proxies);
    }
}
