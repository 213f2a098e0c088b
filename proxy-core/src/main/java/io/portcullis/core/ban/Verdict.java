package io.portcullis.core.ban;

/** What enforcement obeys. Only an {@link Allow} reaches routing. */
public sealed interface Verdict {

    /** The client may go on. */
    enum Allow implements Verdict {
        ALLOW
    }

    /**
     * The client is refused. When that ends, {@link BanEngine#endOfRefusal} tells; here it would cost an object for
     * each refusal.
     *
     * @param sentence how, and by which jail
     */
    record Refuse(Sentence sentence) implements Verdict {}
}
