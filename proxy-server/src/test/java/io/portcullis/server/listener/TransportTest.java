package io.portcullis.server.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.core.config.TransportKind;
import java.nio.channels.spi.SelectorProvider;
import org.junit.jupiter.api.Test;

class TransportTest {

    /** If it breaks: each start opens all jars to look for another provider, which takes a tenth of it. */
    @Test
    void theSelectorsAreTheJdksOwnForLinuxAndNoJarIsSearchedForOthers() {
        Transport.load(TransportKind.NIO);
        String provider = SelectorProvider.provider().getClass().getName();
        assertThat(System.getProperty("java.nio.channels.spi.SelectorProvider")).isEqualTo(provider);
    }
}
