/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Notes SIGINT and SIGTERM for those who wait. */
#include "interrupt.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_int noted;

static void note_signal(int number)
{
    atomic_store(&noted, number);
}

void interrupt_catch(void)
{
    struct sigaction action = { .sa_handler = note_signal, .sa_flags = (int)SA_RESETHAND };

    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);   /* a child or a reader that is gone shows as EPIPE */
}

int interrupt_signal(void)
{
    return atomic_load(&noted);
}
