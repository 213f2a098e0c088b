package io.portcullis.server.tls;

import io.portcullis.server.tls.CertificateFault.Part;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A file of PEM blocks (RFC 7468), read as leniently as OpenSSL does: text around the blocks is comment, and lines may
 * end and be indented as they like. What is inside a block must be base64 and nothing else.
 */
final class PemFile {

    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";

    private final Path path;
    private final Part part;
    private final List<Block> blocks = new ArrayList<>();

    /**
     * What stands between two lines.
     *
     * @param label what both lines say, such as {@code CERTIFICATE}
     * @param text base64, after header fields where an old encrypted key has them (RFC 1421)
     */
    record Block(String label, String text) {

        boolean isEncrypted() {
            return label.equals("ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type:");
        }
    }

    private PemFile(Path path, Part part) {
        this.path = path;
        this.part = part;
    }

    /**
     * Finds the blocks.
     *
     * @param path for messages
     * @param part which of the certificate's files it is
     */
    static PemFile of(byte[] content, Path path, Part part) throws CertificateFault {
        PemFile file = new PemFile(path, part);
        // Every octet is a character: comments may be in any encoding.
        String text = new String(content, StandardCharsets.ISO_8859_1);
        int begin = text.indexOf(BEGIN);
        while (begin >= 0) {
            begin = text.indexOf(BEGIN, file.addBlock(text, begin + BEGIN.length()));
        }
        return file;
    }

    /** @return where the block ends */
    private int addBlock(String text, int labelStart) throws CertificateFault {
        int labelEnd = text.indexOf(DASHES, labelStart);
        String label = labelEnd < 0 ? "" : text.substring(labelStart, labelEnd);
        String end = END + label + DASHES;
        int bodyEnd = labelEnd < 0 ? -1 : text.indexOf(end, labelEnd);
        if (bodyEnd < 0) {
            String told = label.length() > 64 || label.indexOf('\n') >= 0 ? "" : label;
            throw fault("a PEM block that does not end (expected: " + END + told + DASHES + ")");
        }
        blocks.add(new Block(label, text.substring(labelEnd + DASHES.length(), bodyEnd)));
        return bodyEnd + end.length();
    }

    List<Block> blocks() {
        return blocks;
    }

    byte[] decode(Block block) throws CertificateFault {
        StringBuilder base64 = new StringBuilder(block.text().length());
        block.text().chars().filter(c -> c > ' ').forEach(c -> base64.append((char) c));
        try {
            return Base64.getDecoder().decode(base64.toString());
        } catch (IllegalArgumentException e) {
            throw fault("a PEM block " + block.label() + " that is damaged (expected: base64)");
        }
    }

    /** What is wrong with this file. */
    CertificateFault fault(String message) {
        return new CertificateFault(part, path + ": " + message);
    }

    Path path() {
        return path;
    }
}
