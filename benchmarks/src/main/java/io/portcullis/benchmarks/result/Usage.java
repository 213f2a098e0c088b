package io.portcullis.benchmarks.result;

/** What a peer used: the processor during a round, memory at its end. */
public record Usage(Cpu cpu, Memory memory) {}
