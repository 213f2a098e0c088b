@NullMarked
package io.portcullis.server.exchange;

import org.jspecify.annotations.NullMarked;
