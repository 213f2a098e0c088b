@NullMarked
package io.portcullis.server.http2;

import org.jspecify.annotations.NullMarked;
