/** The command line: one class a command. */
@NullMarked
package io.portcullis.server.cli;

import org.jspecify.annotations.NullMarked;
