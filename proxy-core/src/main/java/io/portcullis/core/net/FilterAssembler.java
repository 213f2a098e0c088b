package io.portcullis.core.net;

import java.util.Arrays;

/**
 * Writes a program of classic BPF from its end to its beginning: all jumps go forward, so what an instruction leads to is
 * there before it. An instruction is known by its number from the end.
 *
 * <p>The two ways of a branch are told in 8 bits each. What is farther is reached over an unconditional jump beside it,
 * which has 32.
 */
final class FilterAssembler {

    /** BPF_LD of a word, or an octet, at an absolute offset (linux/bpf_common.h). */
    static final int LOAD_WORD = 0x20;

    static final int LOAD_OCTET = 0x30;

    static final int AND = 0x54;
    static final int IF_EQUAL = 0x15;
    static final int IF_GREATER = 0x25;
    static final int IF_AT_LEAST = 0x35;
    static final int RETURN = 0x06;

    private static final int JUMP = 0x05;

    /** All octets of the packet are taken; 0 would be none of it. */
    private static final int ALL = -1;

    /** Of 255, with room for the jumps and returns that may come between. */
    private static final int FAR = 250;

    private static final int NONE = Integer.MIN_VALUE / 2;

    private long[] instructions = new long[64];
    private int size;
    private int accept = NONE;
    private int drop = NONE;

    /** Lets the packet through. */
    int accept() {
        if (size - accept > FAR) {
            accept = add(RETURN, ALL);
        }
        return accept;
    }

    /** Throws the packet away. */
    int drop() {
        if (size - drop > FAR) {
            drop = add(RETURN, 0);
        }
        return drop;
    }

    /** One that goes on with the next. */
    int add(int code, int operand) {
        return add(code, 0, 0, operand);
    }

    /** A comparison of what was loaded, unsigned. */
    int branch(int code, int operand, int ifTrue, int ifFalse) {
        int whenTrue = near(ifTrue);
        int whenFalse = near(ifFalse);
        return add(code, size - whenTrue - 1, size - whenFalse - 1, operand);
    }

    private int near(int target) {
        return size - target > FAR ? add(JUMP, size - target - 1) : target;
    }

    private int add(int code, int ifTrue, int ifFalse, int operand) {
        if (size == instructions.length) {
            instructions = Arrays.copyOf(instructions, size * 2);
        }
        instructions[size] = PacketFilter.instruction(code, ifTrue, ifFalse, operand);
        return size++;
    }

    /** The program, first instruction first. */
    long[] program() {
        long[] program = new long[size];
        for (int i = 0; i < size; i++) {
            program[i] = instructions[size - 1 - i];
        }
        return program;
    }
}
