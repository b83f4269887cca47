/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Extracts of captures (--extract): the marked frames and all they depend on, as a capture that proves itself again. */
#ifndef BATCH_EXTRACT_H
#define BATCH_EXTRACT_H

#include "capture.h"

/* Writes the extract of a capture with findings into a folder, under a name of its own: NAME-HASH.pcapng. Nothing
 * that exists is replaced; the same extract may be there already. The capture is read again: what is not the same any
 * more, or only Wireshark can read, is not extracted.
 * False: *reason, to be freed, a sentence without its full stop. */
bool extract_capture(const struct capture *capture, const char *folder, char **reason);

#endif
