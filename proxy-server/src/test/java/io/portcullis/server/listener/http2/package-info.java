@NullMarked
package io.portcullis.server.listener.http2;

import org.jspecify.annotations.NullMarked;
