package io.portcullis.server.store;

import io.portcullis.core.ban.Ban.Grounds;
import io.portcullis.core.ban.BanScope;
import io.portcullis.core.ban.Offence;
import io.portcullis.core.ban.Sentence;
import io.portcullis.core.config.JailConfig.Action;
import io.portcullis.core.config.JailConfig.Drop;
import io.portcullis.core.config.JailConfig.Reject;
import io.portcullis.core.config.JailConfig.Tarpit;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Turns sentences and grounds into bytes and back; version 1.
 *
 * <p>A word that was said before in the same text (host, jail, method, path: an offender repeats itself) is the number of
 * it. What cannot be read is empty, never a fault: whoever asks gets {@link Grounds#UNTOLD}.
 */
final class Wording {

    private static final int VERSION = 1;

    /** A person's words; the API takes no longer ones. */
    private static final int MAX_REASON = 1_000;

    /** So that the number of any word is one byte. */
    private static final int MAX_OFFENCES = 20;

    private static final int DROP = 0;
    private static final int TARPIT = 1;
    private static final int REJECT = 2;

    /** One byte a mode; the order in the enumeration may change, these do not. */
    private static final List<Sentence.Mode> MODES =
            List.of(Sentence.Mode.ENFORCED, Sentence.Mode.DRY_RUN, Sentence.Mode.FORCED);

    private Wording() {}

    private interface Text {
        void write(DataOutputStream out) throws IOException;
    }

    private static byte[] bytes(Text text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            text.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException("an array has no I/O", e);
        }
        return bytes.toByteArray();
    }

    static byte[] of(Sentence sentence) {
        return bytes(out -> {
            boolean oneHost = sentence.scope() instanceof BanScope.OneHost;
            out.writeBoolean(oneHost);
            if (sentence.scope() instanceof BanScope.OneHost host) {
                out.writeUTF(host.virtualHost());
            }
            out.writeUTF(sentence.jail());
            Action action = sentence.action();
            if (action instanceof Reject reject) {
                out.writeByte(REJECT);
                out.writeShort(reject.status());
            } else {
                out.writeByte(action instanceof Tarpit ? TARPIT : DROP);
            }
            out.writeByte(MODES.indexOf(sentence.mode()));
        });
    }

    static Optional<Sentence> sentence(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (in.readByte() != VERSION) {
                return Optional.empty();
            }
            BanScope scope = in.readBoolean() ? new BanScope.OneHost(in.readUTF()) : BanScope.AllHosts.ALL_HOSTS;
            String jail = in.readUTF();
            Action action = switch (in.readByte()) {
                case REJECT -> new Reject(in.readShort());
                case TARPIT -> Tarpit.TARPIT;
                default -> Drop.DROP;
            };
            return Optional.of(new Sentence(scope, jail, action, MODES.get(in.readByte())));
        } catch (IOException | IndexOutOfBoundsException damaged) {
            return Optional.empty();
        }
    }

    static byte[] of(Grounds grounds) {
        List<Offence> all = grounds.offences();
        List<Offence> offences = all.subList(Math.max(0, all.size() - MAX_OFFENCES), all.size());
        String reason = grounds.reason();
        return bytes(out -> {
            out.writeUTF(reason.length() > MAX_REASON ? reason.substring(0, MAX_REASON) : reason);
            out.writeByte(offences.size());
            List<String> said = new ArrayList<>();
            for (Offence offence : offences) {
                out.writeLong(offence.millis());
                say(offence.virtualHost(), said, out);
                say(offence.jail(), said, out);
                say(offence.method(), said, out);
                say(offence.path(), said, out);
                out.writeShort(offence.status());
            }
        });
    }

    private static void say(String word, List<String> said, DataOutputStream out) throws IOException {
        int number = said.indexOf(word);
        if (number >= 0) {
            out.writeByte(number);
            return;
        }
        out.writeByte(said.size());
        out.writeUTF(word);
        said.add(word);
    }

    static Grounds grounds(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (in.readByte() != VERSION) {
                return Grounds.UNTOLD;
            }
            String reason = in.readUTF();
            int count = in.readByte();
            List<String> said = new ArrayList<>();
            List<Offence> offences = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                long millis = in.readLong();
                String virtualHost = hear(said, in);
                String jail = hear(said, in);
                String method = hear(said, in);
                String path = hear(said, in);
                offences.add(new Offence(millis, virtualHost, jail, method, path, in.readShort()));
            }
            return new Grounds(reason, offences);
        } catch (IOException | IndexOutOfBoundsException damaged) {
            return Grounds.UNTOLD;
        }
    }

    private static String hear(List<String> said, DataInputStream in) throws IOException {
        int number = in.readByte();
        if (number == said.size()) {
            said.add(in.readUTF());
        }
        return said.get(number);
    }
}
