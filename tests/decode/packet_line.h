/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One line of text for an observed packet, so that Wireshark's and those of decode/ can be compared. */
#ifndef PACKET_LINE_H
#define PACKET_LINE_H

#include "skypefp.h"

#include <inttypes.h>
#include <stdio.h>

static inline uint32_t hash_octets(const uint8_t *octets, uint32_t n)
{
    uint32_t hash = 2166136261u;

    for (uint32_t i = 0; i < n; i++) {
        hash = (hash ^ octets[i]) * 16777619u;
    }
    return hash;
}

static inline void print_address(FILE *file, const skypefp_address *address)
{
    for (unsigned i = 0; i < address->len; i++) {
        fprintf(file, "%02x", address->bytes[i]);
    }
    fprintf(file, ":%u ", address->port);
}

/* frame transport src dst scope captured on-the-wire hash-of-payload, and for TCP sequence acknowledgment flags */
static inline void print_packet(FILE *file, const skypefp_packet *packet)
{
    fprintf(file, "%u %s ", packet->frame, packet->transport == SKYPEFP_UDP ? "udp" : "tcp");
    print_address(file, &packet->src);
    print_address(file, &packet->dst);
    fprintf(file, "%" PRIx32 " %u %u %08x", packet->scope, packet->len, packet->wire_len,
            hash_octets(packet->data, packet->len));
    if (packet->transport == SKYPEFP_TCP) {
        fprintf(file, " %u %u %02x", packet->tcp_seq, packet->tcp_ack, packet->tcp_flags);
    }
    fputc('\n', file);
}

#endif
