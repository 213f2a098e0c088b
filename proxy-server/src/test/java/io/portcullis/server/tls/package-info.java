@NullMarked
package io.portcullis.server.tls;

import org.jspecify.annotations.NullMarked;
