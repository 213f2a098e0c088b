/** Where clients come in: what accepts a connection, and every handler on its way. */
@NullMarked
package io.portcullis.server.listener;

import org.jspecify.annotations.NullMarked;
