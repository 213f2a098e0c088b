@NullMarked
package io.portcullis.server.cli;

import org.jspecify.annotations.NullMarked;
