/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SIGINT, SIGTERM and SIGHUP end a run early and in order: reports are closed, temporary files removed. The second
 * signal changes nothing, because GNU timeout and terminals send two for one; the third one ends the program at
 * once. */
#ifndef BATCH_INTERRUPT_H
#define BATCH_INTERRUPT_H

#include <stdbool.h>

void interrupt_catch(void);

/* The signal that came, or 0. */
int interrupt_signal(void);

static inline bool interrupted(void)
{
    return interrupt_signal() != 0;
}

#endif
