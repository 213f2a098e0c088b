package io.portcullis.core.net;

import java.util.ArrayList;
import java.util.List;

/** The part of a {@link PacketFilter} that looks for an address among sources of one family. */
final class FilterTree {

    private static final int WORD_BITS = 32;
    private static final int WORD_BYTES = 4;
    private static final int LAST = -1;

    /** Sorted, and none in another. */
    private final List<Cidr> sources;
    /** Where the first word of a packet's source address is. */
    private final int offset;

    private final FilterAssembler assembler;

    private FilterTree(List<Cidr> sources, int offset, FilterAssembler assembler) {
        this.sources = sources;
        this.offset = offset;
        this.assembler = assembler;
    }

    /** @return where it begins */
    static int write(List<Cidr> sources, int offset, FilterAssembler assembler) {
        return new FilterTree(sources, offset, assembler).level(0, 0, sources.size());
    }

    /**
     * What one word of the address can be so that it is, or may be, one of the sources'.
     *
     * @param from the first of the sources that it may be; those have the words before in common
     * @param isWhole whether it is theirs then; else the next word tells
     */
    private record Span(int first, int last, int from, int to, boolean isWhole) {}

    /** Looks at one word, for the sources that have the words before it in common. */
    private int level(int word, int from, int to) {
        if (sources.get(from).prefixLength() <= word * WORD_BITS) {
            return assembler.drop(); // all addresses, of which it is the only source
        }
        List<Span> spans = spans(word, from, to);
        tree(spans, 0, spans.size(), word);
        return assembler.add(FilterAssembler.LOAD_WORD, offset + word * WORD_BYTES);
    }

    private List<Span> spans(int word, int from, int to) {
        List<Span> spans = new ArrayList<>(to - from);
        for (int i = from; i < to; i++) {
            Span before = spans.isEmpty() ? null : spans.get(spans.size() - 1);
            Span span = span(word, i);
            if (before != null && !span.isWhole && span.first == before.first) {
                spans.set(spans.size() - 1, new Span(span.first, span.last, before.from, i + 1, false));
            } else if (before != null && span.isWhole && before.isWhole && span.first == before.last + 1) {
                spans.set(spans.size() - 1, new Span(before.first, span.last, before.from, i + 1, true));
            } else {
                spans.add(span);
            }
        }
        return spans;
    }

    private Span span(int word, int index) {
        Cidr source = sources.get(index);
        IpAddress network = source.network();
        long half = word < 2 ? network.high() : network.low();
        int first = (int) (word % 2 == 0 ? half >>> WORD_BITS : half);
        int bits = Math.min(WORD_BITS, source.prefixLength() - word * WORD_BITS);
        int last = first | (int) (0xFFFF_FFFFL >>> bits);
        return new Span(first, last, index, index + 1, source.prefixLength() <= (word + 1) * WORD_BITS);
    }

    private int tree(List<Span> spans, int from, int to, int word) {
        if (to - from == 1) {
            return leaf(spans.get(from), from == 0, word);
        }
        int middle = (from + to) >>> 1;
        int right = tree(spans, middle, to, word);
        int left = tree(spans, from, middle, word);
        return assembler.branch(FilterAssembler.IF_AT_LEAST, spans.get(middle).first, right, left);
    }

    /** @param isFirst whether the word may be less than the span; for all others the way here has ruled that out */
    private int leaf(Span span, boolean isFirst, int word) {
        int inside = span.isWhole ? assembler.drop() : level(word + 1, span.from, span.to);
        if (span.first == span.last) {
            return assembler.branch(FilterAssembler.IF_EQUAL, span.first, inside, assembler.accept());
        }
        int found = span.last == LAST
                ? inside
                : assembler.branch(FilterAssembler.IF_GREATER, span.last, assembler.accept(), inside);
        boolean isChecked = isFirst && span.first != 0;
        // A span that is all there is must begin with an instruction of its own: what comes before goes on with the
        // next.
        return isChecked || found == inside
                ? assembler.branch(FilterAssembler.IF_AT_LEAST, span.first, found, assembler.accept())
                : found;
    }
}
