@NullMarked
package io.portcullis.server.admin;

import org.jspecify.annotations.NullMarked;
