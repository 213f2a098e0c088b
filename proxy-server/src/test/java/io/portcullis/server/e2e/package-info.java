/**
 * The promises that users rely on, shown over real sockets against the real process. Each class is one behaviour; each
 * test says what breaks, and for whom.
 */
@NullMarked
package io.portcullis.server.e2e;

import org.jspecify.annotations.NullMarked;
