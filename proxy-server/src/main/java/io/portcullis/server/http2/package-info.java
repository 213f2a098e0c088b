/** HTTP/2's form of a message and HTTP/1's, each out of the other, for clients' connections and endpoints'. */
@NullMarked
package io.portcullis.server.http2;

import org.jspecify.annotations.NullMarked;
