/** What wires the parts into one running process. */
@NullMarked
package io.portcullis.server.runtime;

import org.jspecify.annotations.NullMarked;
