package io.portcullis.benchmarks.load.generator;

import io.netty.buffer.ByteBuf;
import io.portcullis.benchmarks.http.MessageReader.Progress;

/** Reads one answer after the other from the octets of a connection, however they are cut. */
interface AnswerReader {

    Progress read(ByteBuf in);

    /** The connection's end was reached: an answer without a length is whole by it. */
    Progress end();

    /** Of the answer that is whole: its status, or 0 where the protocol has none. */
    int status();

    /** Of the answer that is whole: the octets of its body. */
    long octets();

    /** Whether the connection takes another request after the answer that is whole. */
    boolean keepsAlive();
}
