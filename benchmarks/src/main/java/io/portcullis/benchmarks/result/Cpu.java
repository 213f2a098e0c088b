package io.portcullis.benchmarks.result;

/** The processor's time that all processes of a peer took, in microseconds. The kernel counts it in ticks of 10,000. */
public record Cpu(long userMicros, long systemMicros) {

    public static final Cpu NONE = new Cpu(0, 0);

    public long totalMicros() {
        return userMicros + systemMicros;
    }

    public Cpu plus(Cpu other) {
        return new Cpu(userMicros + other.userMicros, systemMicros + other.systemMicros);
    }

    public Cpu minus(Cpu earlier) {
        return new Cpu(userMicros - earlier.userMicros, systemMicros - earlier.systemMicros);
    }
}
