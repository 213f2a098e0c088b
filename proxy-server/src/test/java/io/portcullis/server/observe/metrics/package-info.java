@NullMarked
package io.portcullis.server.observe.metrics;

import org.jspecify.annotations.NullMarked;
