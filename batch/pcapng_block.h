/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One block of a pcapng file: its numbers and options; private to pcapng_reader.c.
 *
 * Wireshark refuses a file for an option that is malformed, and changes frames for some that are not. What is not
 * plain is left to it. */
#ifndef BATCH_PCAPNG_BLOCK_H
#define BATCH_PCAPNG_BLOCK_H

#include <glib.h>
#include <stdbool.h>

enum pcapng_block_type {
    PCAPNG_SECTION = 0x0a0d0d0a,
    PCAPNG_INTERFACE = 1,
    PCAPNG_NAMES = 4,
    PCAPNG_STATISTICS = 5,
    PCAPNG_PACKET = 6,
    PCAPNG_SECRETS = 10,
};

struct pcapng_block {
    guint32 type;
    bool is_swapped; /* against this machine's byte order */
    const guint8 *octets;
    guint32 len; /* without the length at its end */
};

guint16 pcapng_u16(const struct pcapng_block *block, guint32 at);
guint32 pcapng_u32(const struct pcapng_block *block, guint32 at);
guint64 pcapng_u64(const struct pcapng_block *block, guint32 at);

enum { PCAPNG_NAME_LEN = 128 }; /* of an interface, with its end; longer ones are left to Wireshark */

/* An interface, as its options describe it. */
struct pcapng_interface {
    int link;
    guint64 units_per_second;
    gint64 offset; /* seconds */
    /* Its name; its description if it has none, else what its hardware is; "": unknown, as in a later section. */
    char name[PCAPNG_NAME_LEN];
};

/* Whether the options from an offset on are plain. interface: what they say of it; NULL: they are of another block. */
bool pcapng_has_plain_options(const struct pcapng_block *block, guint32 at, struct pcapng_interface *interface);

/* Whether the records of names are well-formed. */
bool pcapng_has_plain_names(const struct pcapng_block *block);

#endif
