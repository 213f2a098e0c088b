package io.portcullis.server.observe.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Which names have series of their own, over the reloads of a process that runs for months. */
class NamedTest {

    private long now;
    private final Named<Object> two = new Named<>(2, Object::new, () -> now);

    private List<String> told() {
        List<String> names = new ArrayList<>();
        two.forEach((name, meter) -> names.add(name));
        return names;
    }

    @Test
    void aNameKeepsItsMeterOverReloads() {
        Object meter = two.of("shop");
        two.inService(Set.of("shop"));

        assertThat(two.of("shop")).isSameAs(meter);
        assertThat(told()).containsExactly("shop");
    }

    /** If it breaks: a host with ten thousand names fills the memory of Prometheus. */
    @Test
    void whoFindsNoPlaceIsCountedWithAllOthers() {
        two.of("a");
        two.of("b");
        Object others = two.of("c");
        two.inService(Set.of("a", "b", "c", "d"));

        assertThat(two.of("d")).isSameAs(others);
        assertThat(told()).containsExactly("a", "b", Named.OTHERS);
        assertThat(two.label("b")).isEqualTo("b");
        assertThat(two.label("c")).isEqualTo(Named.OTHERS);
    }

    @Test
    void noneHasSeriesOfItsOwnWhereTheBoundIsZero() {
        Named<Object> none = new Named<>(0, Object::new, () -> now);

        assertThat(none.of("a")).isSameAs(none.of("b"));
        assertThat(none.label("a")).isEqualTo(Named.OTHERS);
    }

    /** If it breaks: the counters of a host that is taken out and put back begin at 0, in the middle of a graph. */
    @Test
    void aNameThatComesBackWithinTheHourGoesOnWhereItWas() {
        Object meter = two.of("shop");
        two.inService(Set.of("shop"));
        two.inService(Set.of());
        now += Named.KEPT_NANOS;

        assertThat(told()).containsExactly("shop");
        assertThat(two.of("shop")).isSameAs(meter);
    }

    @Test
    void theSeriesOfANameThatIsGoneDisappearAfterAnHour() {
        two.of("shop");
        two.inService(Set.of("shop"));
        two.inService(Set.of());
        now += Named.KEPT_NANOS + 1;

        assertThat(told()).isEmpty();
    }

    @Test
    void aNewNameTakesThePlaceOfTheOneThatIsGoneForLongest() {
        two.of("a");
        two.of("b");
        two.inService(Set.of("a", "b"));
        two.inService(Set.of("a"));
        now += 1;
        two.inService(Set.of());
        two.of("c");
        two.inService(Set.of("c"));

        assertThat(told()).containsExactly("a", "c");
    }

    /** If it breaks: whoever bans under an attack waits for Prometheus, with every client of the event loop. */
    @Test
    void aLabelIsToldWhileAScrapeGoesThroughAllMeters() {
        two.of("shop");
        two.inService(Set.of("shop"));
        List<String> labels = new ArrayList<>();

        two.forEach((name, meter) -> labels.add(CompletableFuture.supplyAsync(() -> two.label("shop"))
                .orTimeout(10, TimeUnit.SECONDS)
                .join()));

        assertThat(labels).containsExactly("shop");
    }

    @Test
    void aNameThatHasLostItsPlaceHasLostItsLabel() {
        two.of("a");
        two.of("b");
        two.inService(Set.of("a", "b"));
        two.inService(Set.of("a"));
        two.of("c");

        assertThat(two.label("b")).isEqualTo(Named.OTHERS);
        two.inService(Set.of("a", "c"));
        two.inService(Set.of("a"));
        now += Named.KEPT_NANOS + 1;
        assertThat(told()).containsExactly("a");
        assertThat(two.label("c")).isEqualTo(Named.OTHERS);
    }

    /** If it breaks: a reload that was refused leaves series of hosts that never were. */
    @Test
    void namesOfAConfigurationThatWasRefusedAreNotTold() {
        two.of("shop");
        two.inService(Set.of("shop"));
        two.of("mistyped");

        assertThat(told()).containsExactly("shop");
        two.inService(Set.of("shop"));
        assertThat(two.label("mistyped")).isEqualTo(Named.OTHERS);
    }
}
