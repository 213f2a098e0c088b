/** HTTP/2 from clients: frames to requests and answers to frames, and what bounds a connection's frames. */
@NullMarked
package io.portcullis.server.listener.http2;

import org.jspecify.annotations.NullMarked;
