package io.portcullis.server.config;

import io.portcullis.core.net.Cidr;
import io.portcullis.core.net.CidrSet;
import java.io.IOException;
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

    private final Findings findings;
    private final List<Cidr> blocks = new ArrayList<>();

    private AddressList(Findings findings) {
        this.findings = findings;
    }

    static CidrSet read(Section section, String key, CidrSet otherwise, Findings findings) {
        return section.read(key, setting -> read(setting, findings), otherwise);
    }

    private static @Nullable CidrSet read(Setting setting, Findings findings) {
        List<Setting> elements = setting.list(EXPECTED);
        if (elements == null) {
            return null;
        }
        AddressList list = new AddressList(findings);
        elements.forEach(list::add);
        return CidrSet.of(list.blocks);
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
        Cidr block = Cidr.parse(text);
        if (block == null) {
            element.problem(element.shown() + " is no address or CIDR (expected one such as 192.0.2.1, 192.0.2.0/24,"
                    + " 2001:db8::/32, or file:PATH)");
        } else {
            blocks.add(block);
        }
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
            addLines(file.toString(), Files.readAllLines(file));
        } catch (InvalidPathException e) {
            element.problem(element.shown() + " is not a path");
        } catch (CharacterCodingException e) {
            element.problem(element.shown() + " cannot be read: it is not UTF-8 text");
        } catch (IOException e) {
            element.problem(element.shown() + " cannot be read: " + SourceFile.reason(e));
        }
    }

    private void addLines(String file, List<String> lines) {
        int bad = 0;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            int comment = line.indexOf('#');
            String text = (comment < 0 ? line : line.substring(0, comment)).strip();
            if (text.isEmpty()) {
                continue;
            }
            Cidr block = Cidr.parse(text);
            if (block != null) {
                blocks.add(block);
            } else if (++bad <= BAD_LINES_SHOWN) {
                findings.add(
                        Place.ofLine(file, i + 1),
                        "\"" + Setting.cut(text)
                                + "\" is no address or CIDR (expected one such as 192.0.2.1, 192.0.2.0/24 or"
                                + " 2001:db8::/32)");
            }
        }
        if (bad > BAD_LINES_SHOWN) {
            findings.add(
                    Place.ofLine(file, lines.size()), "and " + (bad - BAD_LINES_SHOWN) + " more lines without address");
        }
    }
}
