/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The stack of labels of MPLS. */
#include "mpls.h"

#include "headers.h"

/* RFC 3032, one entry of the stack:
 *   label (20 bits), class (3), bottom of the stack (1), time to live (8)
 * Nothing says what follows the last one; readers go by the first half octet. */
enum step skypefp_walk_mpls(struct walk *walk, struct layer layer)
{
    enum {
        ENTRY_LEN = 4,
        LABEL_SHIFT = 12,
        BOTTOM = 0x100,
        EXPLICIT_NULL_4 = 0,
        EXPLICIT_NULL_6 = 2,
        LAST_RESERVED = 15
    };
    uint32_t entry;

    do {
        if (layer.len < ENTRY_LEN) {
            return layer.wire_len < ENTRY_LEN ? NO_IP : NOT_SURE;
        }
        entry = read_be32(layer.data);
        layer = layer_after(layer, ENTRY_LEN);
    } while ((entry & BOTTOM) == 0);
    uint32_t label = entry >> LABEL_SHIFT;
    bool is_plain = label > LAST_RESERVED || label == EXPLICIT_NULL_4 || label == EXPLICIT_NULL_6;
    if (!is_plain || layer.len < SKYPEFP_IPV4_HEADER_LEN) {
        return NOT_SURE;
    }
    bool is_ip = (layer.data[0] >> 4 == 4 && (layer.data[0] & 0x0f) >= 5) || layer.data[0] >> 4 == 6;
    return is_ip ? go_to_ip(walk, layer) : layer.data[0] >> 4 == 0 ? go(walk, TO_PSEUDOWIRE, layer) : NOT_SURE;
}
