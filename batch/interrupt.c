/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Notes SIGINT, SIGTERM and SIGHUP for those who wait. */
#include "interrupt.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>

enum { N_TO_END_AT_ONCE = 3 };

static atomic_int noted, n_signals;

static void note_signal(int number)
{
    atomic_store(&noted, number);
    if (atomic_fetch_add(&n_signals, 1) + 1 >= N_TO_END_AT_ONCE) {
        signal(number, SIG_DFL);
        raise(number); /* delivered when the handler returns */
    }
}

void interrupt_catch(void)
{
    struct sigaction action = { .sa_handler = note_signal };

    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    signal(SIGIO,
           SIG_IGN); /* a writer opens a file that watch.c holds a lease on; the lease is given back at once anyway */
    signal(SIGPIPE, SIG_IGN); /* a child or a reader that is gone shows as EPIPE */
}

int interrupt_signal(void)
{
    return atomic_load(&noted);
}
