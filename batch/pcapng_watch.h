/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Watches the octets of a pcapng file pass by on their way to libpcap, for what Wireshark reads in another way.
 *
 * libpcap passes over blocks that it does not know, and over options; Wireshark takes some such blocks for frames
 * and refuses options that are malformed. A file with any of those is not plain. */
#ifndef BATCH_PCAPNG_WATCH_H
#define BATCH_PCAPNG_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WATCH_HEADER_LEN = 28, WATCH_MAX_OPTIONS = 4096, WATCH_MAX_INTERFACES = 32, WATCH_NAME_LEN = 128 };

/* An interface of the first section; of a later one without its name. */
struct watch_interface {
    char name[WATCH_NAME_LEN]; /* its description if it has no name, else what its hardware is; "" without any */
    uint32_t n_frames;
};

struct pcapng_watch {
    uint64_t at;                      /* octets of the block that have passed */
    uint32_t len;                     /* of the block; 0: not known yet */
    uint32_t options_at;              /* where its options begin */
    bool is_swapped;                  /* against this machine's byte order */
    bool is_odd;                      /* not plain; nothing more is watched */
    uint8_t header[WATCH_HEADER_LEN]; /* the first octets of the block */
    uint32_t n_options;
    uint8_t options[WATCH_MAX_OPTIONS];
    unsigned n_sections, n_interfaces, first_of_section; /* interfaces of all sections */
    struct watch_interface interfaces[WATCH_MAX_INTERFACES];
};

/* Takes the next octets of the file; all zero is the state at its beginning. */
void pcapng_watch(struct pcapng_watch *watch, const uint8_t *octets, size_t n);

#endif
