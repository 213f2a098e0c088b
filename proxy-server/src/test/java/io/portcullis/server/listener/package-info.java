@NullMarked
package io.portcullis.server.listener;

import org.jspecify.annotations.NullMarked;
