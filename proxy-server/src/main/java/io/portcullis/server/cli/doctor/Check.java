package io.portcullis.server.cli.doctor;

/** One thing that may be wrong. Looks, and changes nothing; takes two seconds at most. */
interface Check {

    /** One word or two; the findings are listed by it. */
    String name();

    void look(Scene scene, Findings findings);
}
