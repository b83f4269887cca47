/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The interfaces of a capture that was read without Wireshark. */
#ifndef BATCH_DIRECT_INTERFACES_H
#define BATCH_DIRECT_INTERFACES_H

#include "stream.h"

#include "interfaces.h"

/* The interfaces of n_frames frames of one link type, all that a stream holds, as Wireshark would count them; to be
 * freed. */
struct report_interfaces *direct_interfaces(const struct stream *stream, int link, uint32_t n_frames);

#endif
