@NullMarked
package io.portcullis.server.runtime;

import org.jspecify.annotations.NullMarked;
