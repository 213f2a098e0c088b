package io.portcullis.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.benchmarks.process.CoreSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class CoresTest {

    @Test
    void theFirstCoreIsTheProxysAndTheOthersAreTheLoads() {
        Cores cores = Cores.divide(new TreeSet<>(Set.of(0, 1, 2)), Set.of(0));

        assertThat(cores.proxies()).isEqualTo(CoreSet.of(0));
        assertThat(cores.others()).isEqualTo(new CoreSet(List.of(1, 2)));
        assertThat(cores.all()).isEqualTo(new CoreSet(List.of(0, 1, 2)));
        assertThat(cores.warning()).isEmpty();
        assertThat(cores.text()).isEqualTo("proxies on core 0 (on all in start), application and load on cores 1-2");
        assertThat(Cores.divide(new TreeSet<>(Set.of(1, 4, 6, 7, 8)), Set.of()).text())
                .isEqualTo("proxies on core 1 (on all in start), application and load on cores 4, 6-8");
    }

    /** Two threads of one core share its units: the load would take from what the proxy is measured by. */
    @Test
    void theOtherThreadOfTheProxysCoreIsLeftIdle() {
        assertThat(Cores.divide(new TreeSet<>(Set.of(0, 1, 2, 3)), Set.of(0, 2)).others())
                .isEqualTo(new CoreSet(List.of(1, 3)));
        assertThat(Cores.divide(new TreeSet<>(Set.of(0, 1, 2, 3)), Set.of(0, 2)).all())
                .as("a start is that of the whole machine")
                .isEqualTo(new CoreSet(List.of(0, 1, 2, 3)));
    }

    @Test
    void whereThereIsNothingElseTheOtherThreadIsTaken() {
        assertThat(Cores.divide(new TreeSet<>(Set.of(0, 1)), Set.of(0, 1)).others())
                .isEqualTo(CoreSet.of(1));
        assertThat(Cores.divide(new TreeSet<>(Set.of(0, 1)), Set.of(0, 1)).warning())
                .hasValueSatisfying(warning -> assertThat(warning).contains("another thread"));
        assertThat(Cores.divide(new TreeSet<>(Set.of(0, 1)), Set.of(0)).warning())
                .isEmpty();
    }

    @Test
    void onOneCoreNothingIsPinnedAndThatIsSaid() {
        Cores cores = Cores.divide(new TreeSet<>(Set.of(5)), Set.of());

        assertThat(cores.proxies()).isEqualTo(CoreSet.ANY);
        assertThat(cores.all()).isEqualTo(CoreSet.ANY);
        assertThat(cores.warning()).isPresent();
    }

    @Test
    void theKernelsListsAreRead() {
        assertThat(Cores.list("0-2,5,8-9")).containsExactly(0, 1, 2, 5, 8, 9);
    }
}
