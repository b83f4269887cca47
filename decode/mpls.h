/* SPDX-License-Identifier: GPL-2.0-or-later */
/* MPLS. Private to decode/. */
#ifndef SKYPEFP_MPLS_H
#define SKYPEFP_MPLS_H

#include "walk.h"

enum step skypefp_walk_mpls(struct walk *walk, struct layer layer);

#endif
