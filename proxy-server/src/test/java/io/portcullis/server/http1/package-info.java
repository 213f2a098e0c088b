@NullMarked
package io.portcullis.server.http1;

import org.jspecify.annotations.NullMarked;
