package io.portcullis.benchmarks.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CapabilitiesTest {

    @Test
    void whoeverHasTheCapabilityMayAdministerTheNetwork() {
        assertThat(Capabilities.mayAdministerTheNetwork("CapPrm:\t0\nCapEff:\t000001ffffffffff\n"))
                .isTrue();
        assertThat(Capabilities.mayAdministerTheNetwork("CapEff:\t0000000000001000\n"))
                .isTrue();
    }

    /** What is permitted and not in effect lets nobody set a filter. */
    @Test
    void whoeverHasItNotInEffectMayNot() {
        assertThat(Capabilities.mayAdministerTheNetwork("CapPrm:\t0000000000001000\nCapEff:\t0000000000000000\n"))
                .isFalse();
        assertThat(Capabilities.mayAdministerTheNetwork("")).isFalse();
    }
}
