package io.portcullis.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {

    private final Table table = new Table("CLIENT", "HOST", "ACTION")
            .row("192.0.2.1", "*", "drop")
            .row("2001:db8::/64", "shop", "reject 403");

    @Test
    void columnsStandUnderEachOtherAndNoLineEndsInBlanks() {
        assertThat(table.aligned())
                .containsExactly(
                        "CLIENT         HOST  ACTION", "192.0.2.1      *     drop", "2001:db8::/64  shop  reject 403");
        assertThat(new Table("A", "B").row("long", "").aligned()).containsExactly("A     B", "long");
    }

    @Test
    void aProgramGetsOneRecordALineAndNoHeading() {
        assertThat(table.plain()).containsExactly("192.0.2.1\t*\tdrop", "2001:db8::/64\tshop\treject 403");
    }

    /** If it breaks: a path that an attacker chose clears the operator's terminal, or forges a record. */
    @Test
    void noCellCanActOnTheTerminalOrBeginARecord() {
        assertThat(new Table("PATH").row("/\u001b[2J\n192.0.2.2\tx").plain())
                .containsExactly("/\\x1B[2J\\x0A192.0.2.2\\x09x");
    }
}
