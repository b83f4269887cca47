/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a message agrees with what is known of its sender (enum skypefp_check). Payloads that are checked by their
 * IVs are udp.iv's. */
#ifndef SKYPEFP_CHECKS_H
#define SKYPEFP_CHECKS_H

#include "signature.h"

/* Once all signatures have looked, and before the message is tied to its request. */
void skypefp_check_message(struct observation *observation);

#endif
