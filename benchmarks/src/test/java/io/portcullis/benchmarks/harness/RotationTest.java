package io.portcullis.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RotationTest {

    /** Whoever always comes second measures what the first has left behind. */
    @Test
    void eachRoundBeginsWithAnotherOne() {
        List<String> peers = List.of("a", "b", "c");

        assertThat(Rotation.of(peers, 1)).containsExactly("a", "b", "c");
        assertThat(Rotation.of(peers, 2)).containsExactly("b", "c", "a");
        assertThat(Rotation.of(peers, 3)).containsExactly("c", "a", "b");
        assertThat(Rotation.of(peers, 4)).containsExactly("a", "b", "c");
    }
}
