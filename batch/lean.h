/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A configuration that dissects no more than the fingerprints need: about half the work on large captures. */
#ifndef BATCH_LEAN_H
#define BATCH_LEAN_H

#include "engine.h"

/* Writes disabled_protos and preferences into the folder of configuration of an engine. If tshark does not list its
 * protocols, everything stays on: slower, with the same results. */
void lean_write(const struct engine *engine);

#endif
