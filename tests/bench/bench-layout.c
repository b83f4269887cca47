/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Preloaded for instruction counts. The seeds of hash tables, which GLib draws anew at every start, are the same every
 * time. And the heap begins SKYPEFP_HEAP_SHIFT octets later: memcmp() and its kin take another way when octets lie near
 * the end of a page, so a count depends on where things happen to lie. */
#include <glib.h>
#include <stdlib.h>

__attribute__((visibility("default"))) guint32 g_random_int(void)
{
    static guint32 n = 4;

    return n = n * 1664525u + 1013904223u;
}

static void *volatile shift; /* never freed; volatile, or the compiler leaves the allocation out */

__attribute__((constructor)) static void shift_heap(void)
{
    const char *octets = getenv("SKYPEFP_HEAP_SHIFT");

    shift = octets != NULL ? malloc(strtoul(octets, NULL, 10)) : NULL;
}
