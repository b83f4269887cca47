/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How much memory a test's program holds. */
#ifndef SKYPEFP_HEAP_H
#define SKYPEFP_HEAP_H

#include <malloc.h>

/* Octets that malloc() has given out, big blocks of their own included. */
static inline size_t heap_in_use(void)
{
    struct mallinfo2 info = mallinfo2();

    return info.uordblks + info.hblkhd;
}

#endif
