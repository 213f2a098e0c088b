/** Where bans outlive the process: in a file, written behind the event loops' back, or nowhere. */
@NullMarked
package io.portcullis.server.store;

import org.jspecify.annotations.NullMarked;
