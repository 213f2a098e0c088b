/** Addresses: who a client is, and which addresses are trusted. */
@NullMarked
package io.portcullis.core.net;

import org.jspecify.annotations.NullMarked;
