/** One request and its answer: who may ask, where it goes, what came back, and what is said when that fails. */
@NullMarked
package io.portcullis.server.exchange;

import org.jspecify.annotations.NullMarked;
