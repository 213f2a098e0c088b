/**
 * What the tests over real sockets are made of: raw clients, raw applications and the proxy as a process. JDK only, so
 * that no fault of the proxy's own libraries can hide itself on both sides of a test.
 */
@NullMarked
package io.portcullis.server.e2e.kit;

import org.jspecify.annotations.NullMarked;
