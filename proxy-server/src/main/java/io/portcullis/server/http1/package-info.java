/** HTTP/1.1's form of a message: header fields as the octets that they came in, read strictly and passed on as they are. */
@NullMarked
package io.portcullis.server.http1;

import org.jspecify.annotations.NullMarked;
