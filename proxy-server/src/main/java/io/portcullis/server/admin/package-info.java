/** The admin API: how commands and other programs ask a running process, and tell it whom to ban. */
@NullMarked
package io.portcullis.server.admin;

import org.jspecify.annotations.NullMarked;
