package io.portcullis.core.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;

/** Runs a program of classic BPF as Linux does, as far as programs are written here, and as strictly. */
public final class BpfMachine {

    private static final int SKF_NET_OFF = -0x100000;

    private final ByteBuffer program;
    private int steps;

    private BpfMachine(ByteBuffer program) {
        this.program = program;
    }

    public static BpfMachine of(PacketFilter filter) {
        ByteBuffer program = ByteBuffer.allocate(filter.length() * 8);
        filter.writeTo(program);
        assertThat(program.hasRemaining())
                .as("as many octets as the length says")
                .isFalse();
        BpfMachine machine = new BpfMachine(program);
        machine.verify();
        return machine;
    }

    /** What bpf_check_classic asks for. */
    private void verify() {
        int length = program.capacity() / 8;
        assertThat(program.getShort((length - 1) * 8))
                .as("the last instruction is a return")
                .isEqualTo((short) 0x06);
        for (int at = 0; at < length; at++) {
            switch (program.getShort(at * 8)) {
                case 0x05 -> assertThat(operand(at)).isBetween(0, length - at - 2);
                case 0x15, 0x25, 0x35 -> {
                    assertThat(at + ifTrue(at) + 1).isLessThan(length);
                    assertThat(at + ifFalse(at) + 1).isLessThan(length);
                }
                case 0x06, 0x20, 0x30, 0x54 -> {}
                default -> throw new AssertionError("instruction " + program.getShort(at * 8));
            }
        }
    }

    /** Whether a packet from there is thrown away. IPv4 addresses come in packets of IPv4. */
    public boolean drops(IpAddress source) {
        ByteBuffer header = ByteBuffer.allocate(40);
        if (source.isIpv4()) {
            header.put(0, (byte) 0x45).putInt(12, source.ipv4Bits());
        } else {
            header.put(0, (byte) 0x6A).putLong(8, source.high()).putLong(16, source.low());
        }
        return run(header) == 0;
    }

    /** What it returns for a packet that begins so. */
    public int run(ByteBuffer header) {
        int loaded = 0;
        steps = 0;
        for (int at = 0; ; at++) {
            steps++;
            int operand = operand(at);
            switch (program.getShort(at * 8)) {
                case 0x20 -> loaded = header.getInt(operand - SKF_NET_OFF);
                case 0x30 -> loaded = header.get(operand - SKF_NET_OFF) & 0xFF;
                case 0x54 -> loaded &= operand;
                case 0x05 -> at += operand;
                case 0x15 -> at += loaded == operand ? ifTrue(at) : ifFalse(at);
                case 0x25 -> at += Integer.compareUnsigned(loaded, operand) > 0 ? ifTrue(at) : ifFalse(at);
                case 0x35 -> at += Integer.compareUnsigned(loaded, operand) >= 0 ? ifTrue(at) : ifFalse(at);
                case 0x06 -> {
                    return operand;
                }
                default -> throw new AssertionError("instruction " + at);
            }
        }
    }

    /** How many instructions the last packet took. */
    public int steps() {
        return steps;
    }

    private int ifTrue(int at) {
        return program.get(at * 8 + 2) & 0xFF;
    }

    private int ifFalse(int at) {
        return program.get(at * 8 + 3) & 0xFF;
    }

    private int operand(int at) {
        return program.getInt(at * 8 + 4);
    }
}
