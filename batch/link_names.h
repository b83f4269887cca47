/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of link types. */
#ifndef BATCH_LINK_NAMES_H
#define BATCH_LINK_NAMES_H

#include "decode.h"

/* The link type that Wireshark shows of a frame: of those in which Apple's header wraps another one, that
 * one. */
int shown_link(const skypefp_frame *frame);

/* What Wireshark calls a link type that decode/ knows, "unknown" for others; to be freed. */
char *link_name(int link);

#endif
