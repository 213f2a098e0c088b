package io.portcullis.benchmarks.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TemplateTest {

    @Test
    void valuesAreFilledInAsTheyAre() {
        assertThat(Template.of("listen 127.0.0.1:@HTTP_PORT@;").fill(Set.of(), Map.of("HTTP_PORT", "$1\\")))
                .isEqualTo("listen 127.0.0.1:$1\\;\n");
    }

    /** A line too many is another configuration than the one that everybody reads. */
    @Test
    void aLineWithAConditionStandsOnlyWhereItHolds() {
        Template template = Template.of("  @banned? deny 127.0.0.2;\n  @!banned? allow all;\nend");

        assertThat(template.fill(Set.of("banned"), Map.of())).isEqualTo("  deny 127.0.0.2;\nend\n");
        assertThat(template.fill(Set.of(), Map.of())).isEqualTo("  allow all;\nend\n");
    }

    @Test
    void whatOtherConfigurationsMeanByTheSignIsLeftAlone() {
        assertThat(Template.of("@banned remote_ip 127.0.0.2").fill(Set.of(), Map.of()))
                .isEqualTo("@banned remote_ip 127.0.0.2\n");
    }

    @Test
    void aValueThatIsNotGivenIsNamed() {
        assertThatThrownBy(() -> Template.of("pid @DIR@/pid;").fill(Set.of(), Map.of()))
                .hasMessageContaining("@DIR@");
    }
}
