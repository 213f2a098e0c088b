package io.portcullis.core.ban;

import java.util.List;

/**
 * A jail has counted as many offences of a client as it takes.
 *
 * @param offences the last of them, oldest first
 */
record Conviction(Jail jail, List<Offence> offences) {}
