package io.portcullis.server.config;

import io.portcullis.core.net.Cidr;
import io.portcullis.core.net.CidrSet;
import io.portcullis.core.net.Denylist;
import io.portcullis.core.net.IpAddress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A list of addresses, CIDRs and {@code file:PATH}s; such a file holds one a line, with {@code #} comments. */
final class AddressList {

    static final String EXPECTED = "a list such as [\"192.0.2.1\", \"2001:db8::/32\", \"file:addresses.txt\"]";

    private static final String FILE = "file:";

    /** A file that is something else altogether is told in so many lines. */
    private static final int BAD_LINES_SHOWN = 20;

    /** Where IPv4 lies in the 128-bit form (RFC 4291 section 2.5.5.2). */
    private static final long IPV4_MAPPED = 0xFFFFL << 32;

    private static final int IPV4_OFFSET = 96;

    private final Findings findings;
    private final Blocks blocks;

    /** Where the addresses go. */
    private interface Blocks {

        void add(Cidr block);

        /**
         * @param bits without those after the prefix
         * @param prefixLength 0 to 32
         */
        default void addIpv4(int bits, int prefixLength) {
            add(new Cidr(IpAddress.ofIpv4(bits), prefixLength + IPV4_OFFSET));
        }
    }

    private AddressList(Findings findings, Blocks blocks) {
        this.findings = findings;
        this.blocks = blocks;
    }

    static CidrSet read(Section section, String key, CidrSet otherwise, Findings findings) {
        List<Cidr> blocks = new ArrayList<>();
        return read(section, key, new AddressList(findings, blocks::add)) ? CidrSet.of(blocks) : otherwise;
    }

    /** Holds no object for each line of a file: there may be millions. */
    static Denylist readDenylist(Section section, String key, Findings findings) {
        Denylist.Builder denylist = Denylist.builder();
        boolean given = read(section, key, new AddressList(findings, new Blocks() {
            @Override
            public void add(Cidr block) {
                denylist.add(block);
            }

            @Override
            public void addIpv4(int bits, int prefixLength) {
                denylist.add(0, IPV4_MAPPED | (bits & 0xFFFF_FFFFL), prefixLength + IPV4_OFFSET);
            }
        }));
        return given ? denylist.build() : Denylist.EMPTY;
    }

    /** Whether there is a list. */
    private static boolean read(Section section, String key, AddressList list) {
        Setting setting = section.get(key);
        List<Setting> elements = setting == null ? null : setting.list(EXPECTED);
        if (elements == null) {
            return false;
        }
        elements.forEach(list::add);
        return true;
    }

    private void add(Setting element) {
        String text = element.text("an address, a CIDR or file:PATH");
        if (text == null) {
            return;
        }
        if (text.startsWith(FILE)) {
            addFile(element, text.substring(FILE.length()));
            return;
        }
        String problem = add(text, "one such as 192.0.2.1, 192.0.2.0/24, 2001:db8::/32, or file:PATH");
        if (problem != null) {
            element.problem(problem);
        }
    }

    /** What is wrong with it, or null where it was added. */
    private @Nullable String add(String text, String expected) {
        Cidr block = Cidr.parse(text);
        String shown = "\"" + Setting.cut(text) + "\"";
        if (block == null) {
            return shown + " is no address or CIDR (expected " + expected + ")";
        }
        if (Cidr.hasHostBits(text)) {
            IpAddress address = IpAddress.parse(text, 0, text.indexOf('/'));
            return shown + " has bits after its prefix (expected " + block + " or " + address + ")";
        }
        blocks.add(block);
        return null;
    }

    private void addFile(Setting element, String name) {
        try {
            if (name.isBlank()) {
                element.problem(element.shown() + " names no file (expected file:PATH)");
                return;
            }
            Path file = element.place().resolve(name);
            String unreadable = SourceFile.whyUnreadable(file);
            if (unreadable != null) {
                element.problem(element.shown() + " cannot be read: " + unreadable);
                return;
            }
            addLines(file);
        } catch (InvalidPathException e) {
            element.problem(element.shown() + " is not a path");
        } catch (CharacterCodingException e) {
            element.problem(element.shown() + " cannot be read: it is not UTF-8 text");
        } catch (IOException e) {
            element.problem(element.shown() + " cannot be read: " + SourceFile.reason(e));
        }
    }

    private void addLines(Path file) throws IOException {
        BadLines bad = new BadLines(file.toString());
        int lines;
        try (InputStream in = Files.newInputStream(file)) {
            lines = AddressFile.read(in, new AddressFile.Lines() {
                @Override
                public void ipv4(int bits, int prefixLength) {
                    blocks.addIpv4(bits, prefixLength);
                }

                @Override
                public void text(int number, String text) {
                    String problem = add(text, "one such as 192.0.2.1, 192.0.2.0/24 or 2001:db8::/32");
                    if (problem != null) {
                        bad.add(number, problem);
                    }
                }
            });
        }
        bad.tellRest(lines);
    }

    /** The lines of one file that are none; the first of them are told one by one. */
    private final class BadLines {
        private final String file;
        private int count;

        BadLines(String file) {
            this.file = file;
        }

        void add(int number, String problem) {
            if (++count <= BAD_LINES_SHOWN) {
                findings.add(Place.ofLine(file, number), problem);
            }
        }

        void tellRest(int lines) {
            if (count > BAD_LINES_SHOWN) {
                findings.add(
                        Place.ofLine(file, lines), "and " + (count - BAD_LINES_SHOWN) + " more lines without address");
            }
        }
    }
}
