/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Starts Wireshark when a capture needs it. */
#ifndef BATCH_START_H
#define BATCH_START_H

#include "engine.h"

/* Prepares tshark for the lean engine and proves that it loads the plugin, once. NULL, or why Wireshark is of no
 * use; the engine's. For all threads. */
const char *start_wireshark(struct engine *engine);

#endif
