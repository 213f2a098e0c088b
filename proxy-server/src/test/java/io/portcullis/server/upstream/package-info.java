@NullMarked
package io.portcullis.server.upstream;

import org.jspecify.annotations.NullMarked;
