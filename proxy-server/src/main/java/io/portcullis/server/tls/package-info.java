/** TLS towards clients: certificates read from files, kept fresh, and made into what handshakes use. */
@NullMarked
package io.portcullis.server.tls;

import org.jspecify.annotations.NullMarked;
