package io.portcullis.benchmarks.peer;

import io.portcullis.benchmarks.process.ChildProcess;
import io.portcullis.benchmarks.process.CoreSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A reverse proxy that can be measured. */
public interface Peer {

    String name();

    /** Empty where it is not installed. */
    Optional<String> version() throws IOException;

    Set<Feature> features();

    /** In words, what decides on how fast it starts, where that is not the same everywhere. */
    default Optional<String> startsBy() throws IOException {
        return Optional.empty();
    }

    /** Whether it is measured only where clients are banned: it proxies as another one here does. */
    default boolean onlyBans() {
        return false;
    }

    /**
     * Writes its configuration and starts its processes, without waiting for them.
     *
     * @return those that were started by name; their children are theirs
     */
    List<ChildProcess> launch(Configuration configuration, CoreSet cores) throws IOException;

    /** What is to be done once it answers. */
    default void settle(Configuration configuration) throws IOException {}

    /**
     * How many bans are in force.
     *
     * @throws IOException where it does not tell, too
     */
    default long bansInForce(Configuration configuration) throws IOException {
        throw new IOException(name() + " does not tell how many bans are in force");
    }

    /** Starts it, and waits until the application answers through it. */
    default RunningPeer start(Setup setup, Path directory, CoreSet cores) throws IOException {
        Configuration configuration = new Configuration(setup, directory);
        long launched = System.nanoTime();
        RunningPeer running = new RunningPeer(this, configuration, launch(configuration, cores), launched);
        try {
            running.awaitFirstAnswer();
            settle(configuration);
            return running;
        } catch (IOException | RuntimeException e) {
            running.close();
            throw e;
        }
    }
}
