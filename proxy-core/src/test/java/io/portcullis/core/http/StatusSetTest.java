package io.portcullis.core.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class StatusSetTest {

    @Test
    void holdsCodesAndClasses() {
        StatusSet set = new StatusSet.Builder().add(403).addClass(5).build();
        assertThat(set.contains(403)).isTrue();
        assertThat(set.contains(500)).isTrue();
        assertThat(set.contains(599)).isTrue();
        assertThat(set.contains(404)).isFalse();
        assertThat(set.contains(499)).isFalse();
    }

    @Test
    void anApplicationsOddStatusIsInNoSet() {
        assertThat(StatusSet.ANY.contains(100)).isTrue();
        assertThat(StatusSet.ANY.contains(600)).isFalse();
        assertThat(StatusSet.ANY.contains(99)).isFalse();
        assertThat(StatusSet.ANY.contains(-1)).isFalse();
        assertThat(StatusSet.ANY.contains(999)).isFalse();
    }

    @Test
    void laterAdditionsDoNotChangeWhatWasBuilt() {
        StatusSet.Builder builder = new StatusSet.Builder().add(401);
        StatusSet before = builder.build();
        assertThat(builder.add(403).build()).isNotEqualTo(before);
        assertThat(before.contains(403)).isFalse();
        assertThat(before).isEqualTo(new StatusSet.Builder().add(401).build());
        assertThat(before).hasSameHashCodeAs(new StatusSet.Builder().add(401).build());
    }

    @Test
    void refusesWhatIsNoStatus() {
        assertThatThrownBy(() -> new StatusSet.Builder().add(99)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new StatusSet.Builder().addClass(6)).isInstanceOf(IllegalArgumentException.class);
    }
}
