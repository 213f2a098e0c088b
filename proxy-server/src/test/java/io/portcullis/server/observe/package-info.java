@NullMarked
package io.portcullis.server.observe;

import org.jspecify.annotations.NullMarked;
