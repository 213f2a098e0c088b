/** Connections to the applications: made, kept, and given up. */
@NullMarked
package io.portcullis.server.upstream;

import org.jspecify.annotations.NullMarked;
