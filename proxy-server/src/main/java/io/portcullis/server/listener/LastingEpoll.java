package io.portcullis.server.listener;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.util.concurrent.ThreadAwareExecutor;

/**
 * Netty's epoll, in which a socket that waits for nothing stays registered.
 *
 * <p>Netty (4.2.18) takes a socket with no interest left out of the kernel's set and does not remember it, so the next
 * interest fails with ENOENT. A client that has shut its sending half brings that about: there is nothing more to read,
 * and once the answer fills the socket, the wait for room is that next interest. Such a client lost its answer.
 *
 * <p>In the set an error and a hang-up are reported whether wanted or not, and again and again: a client that then
 * resets its connection would keep the event loop turning until the exchange ends. Hence edge-triggered, once each.
 *
 * <p>Costs one small object a connection, and nothing for a request.
 */
final class LastingEpoll implements IoHandler {

    private static final EpollIoOps NO_INTEREST = EpollIoOps.EPOLLET.with(EpollIoOps.EPOLLERR);

    private final IoHandler epoll;

    private LastingEpoll(IoHandler epoll) {
        this.epoll = epoll;
    }

    static IoHandlerFactory newFactory() {
        IoHandlerFactory factory = EpollIoHandler.newFactory();
        return new IoHandlerFactory() {
            @Override
            public IoHandler newHandler(ThreadAwareExecutor executor) {
                return new LastingEpoll(factory.newHandler(executor));
            }

            @Override
            public boolean isChangingThreadSupported() {
                return factory.isChangingThreadSupported();
            }
        };
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return new Registration(epoll.register(handle));
    }

    @Override
    public void initialize() {
        epoll.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        return epoll.run(context);
    }

    @Override
    public void wakeup() {
        epoll.wakeup();
    }

    @Override
    public void prepareToDestroy() {
        epoll.prepareToDestroy();
    }

    @Override
    public void destroy() {
        epoll.destroy();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return epoll.isCompatible(handleType);
    }

    /** Interests are submitted on the socket's event loop; the other methods are as safe as Netty's own. */
    private static final class Registration implements IoRegistration {
        private final IoRegistration registration;
        private boolean inSet;

        Registration(IoRegistration registration) {
            this.registration = registration;
        }

        @Override
        public long submit(IoOps ops) {
            if (!EpollIoOps.NONE.equals(ops)) {
                inSet = true;
            } else if (inSet) {
                return registration.submit(NO_INTEREST);
            }
            return registration.submit(ops);
        }

        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // Netty's signature
        public <T> T attachment() {
            return registration.attachment();
        }

        @Override
        public boolean isValid() {
            return registration.isValid();
        }

        @Override
        public boolean cancel() {
            return registration.cancel();
        }
    }
}
