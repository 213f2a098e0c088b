/** Configuration files, read whole: HOCON to the core's records, or every problem at once. */
@NullMarked
package io.portcullis.server.config;

import org.jspecify.annotations.NullMarked;
