/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a file that Wireshark opened holds packets. It also opens pictures, programs, JSON and log files, as
 * captures of one frame. */
#ifndef BATCH_ENCAPSULATION_H
#define BATCH_ENCAPSULATION_H

#include "child.h"

enum encapsulation {
    ENCAPSULATION_UNKNOWN, /* no frames, not opened, or no answer in time */
    ENCAPSULATION_PACKETS,
    ENCAPSULATION_OTHER,
};

/* What tshark takes the first frame of a file for, up to the deadline (monotonic microseconds). It costs a start of
 * tshark. */
enum encapsulation encapsulation_of(const char *tshark, char **environment, const char *path, gint64 deadline);

#endif
