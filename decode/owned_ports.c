/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ports of UDP that belong to a dissector. */
#include "owned_ports.h"

#include <glib.h>

bool skypefp_is_owned_udp_port(uint16_t port)
{
    static const uint16_t owned[] = {
        213,   434,   573,   1101,  1194,  1701,  2048,  2055,  2067,  2123,  2152,  2157,  2268,  2345,  2887,  3386,
        3503,  3544,  3671,  4305,  4341,  4342,  4500,  4729,  4739,  4754,  4789,  4790,  4791,  5000,  5072,  5246,
        5247,  5436,  6081,  6118,  6343,  6635,  8211,  8848,  9214,  9899,  9996,  10500, 11898, 12000, 12001, 12002,
        12003, 12004, 12220, 12222, 12223, 13907, 13910, 17754, 19788, 19999, 24576, 24577, 30030, 37008, 49999,
    };

    for (size_t i = 0; i < G_N_ELEMENTS(owned); i++) {
        if (owned[i] == port) {
            return true;
        }
    }
    return false;
}
