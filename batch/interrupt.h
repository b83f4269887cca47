/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SIGINT and SIGTERM end a run early and in order; the second one ends it at once. */
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
