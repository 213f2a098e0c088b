package io.portcullis.server.e2e.kit;

import java.io.IOException;

/** What the application does with a request. */
@FunctionalInterface
public interface Behaviour {

    /**
     * Answers, or misbehaves.
     *
     * @return whether the connection stays open for the next request
     * @throws IOException where the connection is cut; it is closed then
     */
    boolean answer(RecordedRequest request, ApplicationConnection connection) throws IOException;

    /** Whether it reads the request's body by itself, or not at all. */
    default boolean takesBody() {
        return false;
    }

    /** The same, called as soon as the head is there: the body is the behaviour's own business. */
    static Behaviour takingBody(Behaviour behaviour) {
        return new Behaviour() {
            @Override
            public boolean answer(RecordedRequest request, ApplicationConnection connection) throws IOException {
                return behaviour.answer(request, connection);
            }

            @Override
            public boolean takesBody() {
                return true;
            }
        };
    }
}
