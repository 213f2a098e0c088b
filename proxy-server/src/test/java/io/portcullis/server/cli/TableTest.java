package io.portcullis.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void columnsStandUnderEachOtherAndNoLineEndsInBlanks() {
        assertThat(Table.lines(List.of(
                        List.of("CLIENT", "HOST", "ACTION"),
                        List.of("192.0.2.1", "*", "drop"),
                        List.of("2001:db8::/64", "shop", "reject 403"))))
                .containsExactly(
                        "CLIENT         HOST  ACTION", "192.0.2.1      *     drop", "2001:db8::/64  shop  reject 403");
    }
}
