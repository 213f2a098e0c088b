package io.portcullis.server.e2e.kit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * An application that speaks gRPC, by grpc-java and its own copy of Netty. Messages are texts. It gives back the metadata
 * {@link #ASKED} and {@link #ASKED_BINARY} in its headers, and tells {@link #DETAIL} in its trailers.
 */
public final class GrpcApplication implements AutoCloseable {

    public static final Metadata.Key<String> ASKED = Metadata.Key.of("x-asked", Metadata.ASCII_STRING_MARSHALLER);
    public static final Metadata.Key<byte[]> ASKED_BINARY =
            Metadata.Key.of("x-asked-bin", Metadata.BINARY_BYTE_MARSHALLER);
    public static final Metadata.Key<String> DETAIL = Metadata.Key.of("x-detail", Metadata.ASCII_STRING_MARSHALLER);

    private static final String SERVICE = "kit.Texts";

    /** Answers what it is asked. */
    public static final MethodDescriptor<String, String> ECHO = method("Echo", MethodType.UNARY);
    /** The same after a moment, so that many calls are under way at once. */
    public static final MethodDescriptor<String, String> SLOW_ECHO = method("SlowEcho", MethodType.UNARY);
    /** Does not answer. */
    public static final MethodDescriptor<String, String> NEVER = method("Never", MethodType.UNARY);
    /** Answers the numbers below the one that it is asked. */
    public static final MethodDescriptor<String, String> COUNT = method("Count", MethodType.SERVER_STREAMING);
    /** Fails with what it is asked for its text. */
    public static final MethodDescriptor<String, String> FAIL = method("Fail", MethodType.SERVER_STREAMING);
    /** The same after one message. */
    public static final MethodDescriptor<String, String> FAIL_AFTER_MESSAGE =
            method("FailAfterMessage", MethodType.SERVER_STREAMING);
    /** Answers all that came, in one. */
    public static final MethodDescriptor<String, String> JOIN = method("Join", MethodType.CLIENT_STREAMING);
    /** Answers each message as it comes. */
    public static final MethodDescriptor<String, String> TALK = method("Talk", MethodType.BIDI_STREAMING);

    private static final long MOMENT_MILLIS = 200;
    private static final int MAX_MESSAGE = 32 * 1024 * 1024;

    private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();
    private final CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
    private final Server server;

    private GrpcApplication() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .maxInboundMessageSize(MAX_MESSAGE)
                .addService(service())
                .intercept(new Telling())
                .build()
                .start();
    }

    public static GrpcApplication start() throws IOException {
        return new GrpcApplication();
    }

    public int port() {
        return server.getPort();
    }

    /** Whether a call of {@link #NEVER} was given up. */
    public CompletableFuture<Boolean> cancelled() {
        return cancelled;
    }

    @Override
    public void close() {
        server.shutdownNow();
        later.shutdownNow();
    }

    private static MethodDescriptor<String, String> method(String name, MethodType type) {
        return MethodDescriptor.<String, String>newBuilder()
                .setType(type)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
                .setRequestMarshaller(new Texts())
                .setResponseMarshaller(new Texts())
                .build();
    }

    private ServerServiceDefinition service() {
        return ServerServiceDefinition.builder(SERVICE)
                .addMethod(ECHO, ServerCalls.asyncUnaryCall(GrpcApplication::answer))
                .addMethod(
                        SLOW_ECHO,
                        ServerCalls.asyncUnaryCall((request, answers) ->
                                later.schedule(() -> answer(request, answers), MOMENT_MILLIS, TimeUnit.MILLISECONDS)))
                .addMethod(NEVER, ServerCalls.asyncUnaryCall((request, answers) -> {
                    if (answers instanceof ServerCallStreamObserver<String> call) {
                        call.setOnCancelHandler(() -> cancelled.complete(true));
                    }
                }))
                .addMethod(COUNT, ServerCalls.asyncServerStreamingCall((request, answers) -> {
                    for (int i = 0; i < Integer.parseInt(request); i++) {
                        answers.onNext("" + i);
                    }
                    answers.onCompleted();
                }))
                .addMethod(FAIL, ServerCalls.asyncServerStreamingCall(GrpcApplication::fail))
                .addMethod(FAIL_AFTER_MESSAGE, ServerCalls.asyncServerStreamingCall((request, answers) -> {
                    answers.onNext("before");
                    fail(request, answers);
                }))
                .addMethod(JOIN, ServerCalls.asyncClientStreamingCall(answers -> new Listening(answers, false)))
                .addMethod(TALK, ServerCalls.asyncBidiStreamingCall(answers -> new Listening(answers, true)))
                .build();
    }

    private static void answer(String request, StreamObserver<String> answers) {
        answers.onNext(request);
        answers.onCompleted();
    }

    private static void fail(String request, StreamObserver<String> answers) {
        Metadata trailers = new Metadata();
        trailers.put(DETAIL, "detail of " + request);
        answers.onError(new StatusRuntimeException(Status.FAILED_PRECONDITION.withDescription(request), trailers));
    }

    private static final class Listening implements StreamObserver<String> {
        private final StreamObserver<String> answers;
        private final boolean inTurn;
        private final StringBuilder all = new StringBuilder();

        Listening(StreamObserver<String> answers, boolean inTurn) {
            this.answers = answers;
            this.inTurn = inTurn;
        }

        @Override
        public void onNext(String request) {
            if (inTurn) {
                answers.onNext(request);
            } else {
                all.append(request);
            }
        }

        @Override
        public void onError(Throwable gone) {
            // the caller has given up; nobody is left to be told
        }

        @Override
        public void onCompleted() {
            if (!inTurn) {
                answers.onNext(all.toString());
            }
            answers.onCompleted();
        }
    }

    private static final class Telling implements ServerInterceptor {
        @Override
        public <A, B> ServerCall.Listener<A> interceptCall(
                ServerCall<A, B> call, Metadata asked, ServerCallHandler<A, B> next) {
            return next.startCall(
                    new SimpleForwardingServerCall<A, B>(call) {
                        @Override
                        public void sendHeaders(Metadata headers) {
                            copy(ASKED, headers);
                            copy(ASKED_BINARY, headers);
                            super.sendHeaders(headers);
                        }

                        private <T> void copy(Metadata.Key<T> key, Metadata headers) {
                            T value = asked.get(key);
                            if (value != null) {
                                headers.put(key, value);
                            }
                        }

                        @Override
                        public void close(Status status, Metadata trailers) {
                            if (!trailers.containsKey(DETAIL)) {
                                trailers.put(DETAIL, "at the end");
                            }
                            super.close(status, trailers);
                        }
                    },
                    asked);
        }
    }

    private static final class Texts implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String text) {
            return new ByteArrayInputStream(text.getBytes(UTF_8));
        }

        @Override
        public String parse(InputStream octets) {
            try {
                return new String(octets.readAllBytes(), UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
