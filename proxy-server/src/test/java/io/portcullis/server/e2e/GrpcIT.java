package io.portcullis.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.portcullis.server.e2e.kit.GrpcApplication;
import io.portcullis.server.e2e.kit.ProxyUnderTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** gRPC through the proxy, HTTP/2 on both sides: by a client and an application that share no code with it. */
final class GrpcIT {

    private static final long LIMIT_SECONDS = 20;

    private static GrpcApplication application;
    private static ProxyUnderTest proxy;
    private static ManagedChannel channel;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        application = GrpcApplication.start();
        proxy = ProxyUnderTest.in(directory)
                .main("listeners { http { bind = \"127.0.0.1:0\", http2 = true } }")
                .host(
                        "grpc",
                        "server-names = [\"grpc.test\"]\nupstream = \"h2c://127.0.0.1:" + application.port() + "\"\n")
                .start();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", proxy.port())
                .overrideAuthority("grpc.test")
                .maxInboundMessageSize(32 * 1024 * 1024)
                .usePlaintext()
                .build();
    }

    @AfterAll
    static void stop() {
        channel.shutdownNow();
        proxy.close();
        application.close();
    }

    @AfterEach
    void processIsClean() {
        proxy.assertClean();
    }

    private static CallOptions limited() {
        return CallOptions.DEFAULT.withDeadlineAfter(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    private static String unary(Channel on, MethodDescriptor<String, String> method, String request) {
        return ClientCalls.blockingUnaryCall(on, method, limited(), request);
    }

    @Test
    void aCallIsAnswered() {
        assertThat(unary(channel, GrpcApplication.ECHO, "hello")).isEqualTo("hello");
    }

    @Test
    void largeMessagesGoBothWays() {
        String large = "0123456789abcdef".repeat(512 * 1024);
        assertThat(unary(channel, GrpcApplication.ECHO, large)).isEqualTo(large);
    }

    @Test
    void aThousandCallsAtOnceAreAllAnswered() throws Exception {
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            Answers observer = new Answers();
            ClientCalls.asyncUnaryCall(channel.newCall(GrpcApplication.SLOW_ECHO, limited()), "call " + i, observer);
            answers.add(observer.last);
        }
        for (int i = 0; i < 1000; i++) {
            assertThat(answers.get(i).get(LIMIT_SECONDS, TimeUnit.SECONDS)).isEqualTo("call " + i);
        }
    }

    @Test
    void theApplicationStreams() {
        Iterator<String> answers =
                ClientCalls.blockingServerStreamingCall(channel, GrpcApplication.COUNT, limited(), "500");
        for (int i = 0; i < 500; i++) {
            assertThat(answers.next()).isEqualTo("" + i);
        }
        assertThat(answers.hasNext()).isFalse();
    }

    @Test
    void theClientStreams() throws Exception {
        Answers answers = new Answers();
        StreamObserver<String> requests =
                ClientCalls.asyncClientStreamingCall(channel.newCall(GrpcApplication.JOIN, limited()), answers);
        for (int i = 0; i < 500; i++) {
            requests.onNext("x");
        }
        requests.onCompleted();
        assertThat(answers.last.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isEqualTo("x".repeat(500));
    }

    /** Each message is answered before the next is sent: what is held back on the way stops both for ever. */
    @Test
    void bothSidesTalkInTurn() throws Exception {
        Answers answers = new Answers();
        StreamObserver<String> requests =
                ClientCalls.asyncBidiStreamingCall(channel.newCall(GrpcApplication.TALK, limited()), answers);
        for (int i = 0; i < 100; i++) {
            requests.onNext("word " + i);
            assertThat(answers.received.poll(LIMIT_SECONDS, TimeUnit.SECONDS)).isEqualTo("word " + i);
        }
        requests.onCompleted();
        assertThat(answers.last.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isEqualTo("word 99");
    }

    /** If it breaks: the application works on for callers who have long gone. */
    @Test
    void aDeadlineIsToldToTheApplication() throws Exception {
        StatusRuntimeException late = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> ClientCalls.blockingUnaryCall(
                        channel,
                        GrpcApplication.NEVER,
                        CallOptions.DEFAULT.withDeadlineAfter(300, TimeUnit.MILLISECONDS),
                        "x"));
        assertThat(late.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(application.cancelled().get(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    /** Without a message before it, an error is a Trailers-Only answer; after one, it is in the trailers. */
    @Test
    void errorsKeepTheirStatusTextAndMetadata() {
        for (MethodDescriptor<String, String> failing :
                List.of(GrpcApplication.FAIL, GrpcApplication.FAIL_AFTER_MESSAGE)) {
            Iterator<String> answers = ClientCalls.blockingServerStreamingCall(channel, failing, limited(), "why");
            StatusRuntimeException failed = catchThrowableOfType(StatusRuntimeException.class, () -> {
                while (answers.hasNext()) {
                    assertThat(answers.next()).isEqualTo("before");
                }
            });
            assertThat(failed.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
            assertThat(failed.getStatus().getDescription()).isEqualTo("why");
            Metadata trailers = failed.getTrailers();
            assertThat(trailers).isNotNull();
            assertThat(trailers.get(GrpcApplication.DETAIL)).isEqualTo("detail of why");
        }
    }

    @Test
    void metadataGoesBothWays() {
        Metadata sent = new Metadata();
        sent.put(GrpcApplication.ASKED, "a");
        sent.put(GrpcApplication.ASKED_BINARY, new byte[] {0, 1, (byte) 0xFF});
        AtomicReference<Metadata> headers = new AtomicReference<>();
        AtomicReference<Metadata> trailers = new AtomicReference<>();
        Channel with = ClientInterceptors.intercept(
                channel,
                MetadataUtils.newAttachHeadersInterceptor(sent),
                MetadataUtils.newCaptureMetadataInterceptor(headers, trailers));
        assertThat(unary(with, GrpcApplication.ECHO, "x")).isEqualTo("x");
        assertThat(headers.get().get(GrpcApplication.ASKED)).isEqualTo("a");
        assertThat(headers.get().get(GrpcApplication.ASKED_BINARY)).containsExactly(0, 1, 0xFF);
        assertThat(trailers.get().get(GrpcApplication.DETAIL)).isEqualTo("at the end");
    }

    /** What a call was answered. */
    private static final class Answers implements StreamObserver<String> {
        private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
        private final CompletableFuture<String> last = new CompletableFuture<>();
        private String latest = "";

        @Override
        public void onNext(String answer) {
            latest = answer;
            received.add(answer);
        }

        @Override
        public void onError(Throwable failure) {
            last.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {
            last.complete(latest);
        }
    }
}
