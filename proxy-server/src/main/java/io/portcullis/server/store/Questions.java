package io.portcullis.server.store;

import io.portcullis.core.ban.Ban;
import io.portcullis.core.ban.Ban.Grounds;
import io.portcullis.core.ban.BanScope;
import io.portcullis.core.net.ClientKey;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/** Those who want to know why somebody is banned, until the store's thread has time for them. Thread-safe. */
final class Questions {

    private static final int MAX = 1_024;

    private final ConcurrentLinkedQueue<Question> queue = new ConcurrentLinkedQueue<>();
    private volatile boolean ended;

    record Question(ClientKey client, BanScope scope, long since, CompletableFuture<Grounds> answer) {
        boolean isOf(Ban ban) {
            return ban.client().equals(client)
                    && ban.since() == since
                    && ban.scope().equals(scope);
        }
    }

    CompletableFuture<Grounds> ask(ClientKey client, BanScope scope, long since) {
        CompletableFuture<Grounds> answer = new CompletableFuture<>();
        if (!ended && queue.size() < MAX) {
            queue.add(new Question(client, scope, since, answer));
        } else {
            answer.complete(Grounds.UNTOLD);
        }
        if (ended) {
            answer.complete(Grounds.UNTOLD); // it ended just now, and may not have seen this one
        }
        return answer;
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    void answer(Function<Question, Grounds> answers) {
        Question question;
        while ((question = queue.poll()) != null) {
            question.answer().complete(answers.apply(question));
        }
    }

    /** Nobody answers any more. */
    void end() {
        ended = true;
        answer(question -> Grounds.UNTOLD);
    }
}
