package io.portcullis.server.listener;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;

/** Hellos of clients, made by hand, so that they can name what no TLS library lets them name. */
public final class Hellos {

    private Hellos() {}

    /** In a record of its own, each octet a character. */
    public static String record(String name) {
        byte[] message = message(name);
        ByteBuf record = Unpooled.buffer();
        record.writeByte(22).writeShort(0x0301).writeShort(message.length + 4);
        record.writeByte(1).writeMedium(message.length).writeBytes(message);
        return record.toString(ISO_8859_1);
    }

    static byte[] message(String name) {
        return message(name.getBytes(ISO_8859_1), name.length());
    }

    /** With an extension before the one of SNI, and one behind it. */
    static byte[] message(byte[] name, int claimedLength) {
        ByteBuf extensions = Unpooled.buffer();
        extensions.writeShort(43).writeShort(3).writeByte(2).writeShort(0x0304);
        extensions.writeShort(0).writeShort(name.length + 5).writeShort(name.length + 3);
        extensions.writeByte(0).writeShort(claimedLength).writeBytes(name);
        extensions.writeShort(16).writeShort(0);
        ByteBuf hello = Unpooled.buffer();
        hello.writeShort(0x0303).writeZero(32).writeByte(1).writeByte(7); // version, random, session
        hello.writeShort(2).writeShort(0x1301).writeByte(1).writeByte(0); // suites, compression
        hello.writeShort(extensions.readableBytes()).writeBytes(extensions);
        return Arrays.copyOf(hello.array(), hello.readableBytes());
    }
}
