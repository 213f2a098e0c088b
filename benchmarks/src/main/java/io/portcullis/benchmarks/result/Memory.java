package io.portcullis.benchmarks.result;

/**
 * The memory of all processes of a peer.
 *
 * @param rssBytes resident pages; those that its processes share are in it once for each of them
 * @param pssBytes the same, where a shared page counts by its share, so that the sum over processes is right
 */
public record Memory(long rssBytes, long pssBytes) {

    public static final Memory NONE = new Memory(0, 0);

    public Memory plus(Memory other) {
        return new Memory(rssBytes + other.rssBytes, pssBytes + other.pssBytes);
    }
}
