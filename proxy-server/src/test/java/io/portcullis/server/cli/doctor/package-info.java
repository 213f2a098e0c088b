@NullMarked
package io.portcullis.server.cli.doctor;

import org.jspecify.annotations.NullMarked;
