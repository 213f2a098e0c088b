/** Which endpoint serves a request, and which are to be left alone for a while. */
@NullMarked
package io.portcullis.core.upstream;

import org.jspecify.annotations.NullMarked;
