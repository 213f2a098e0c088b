package io.portcullis.benchmarks.result;

import java.util.Optional;

/**
 * The machine that absolute figures belong to.
 *
 * @param kernel name and release
 * @param jdk the one that Portcullis runs on
 * @param loadAverage of the minute before the run began
 */
public record MachineDescription(Processor processor, long memoryBytes, String kernel, String jdk, double loadAverage) {

    /**
     * What computes.
     *
     * @param cores those that the run may use
     * @param governor how its frequency is chosen, where the kernel tells
     */
    public record Processor(String model, int cores, Optional<String> governor) {}
}
