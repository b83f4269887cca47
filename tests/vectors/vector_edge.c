/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Payloads of a vector at the edge of memory. */
#include "vector_edge.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

const struct vector_packet *packet_at(const struct vector_case *in, unsigned i)
{
    return g_ptr_array_index(in->packets, i);
}

/* Octets that end where memory does: whoever reads one too many is killed. */
struct edge {
    uint8_t *pages;
    size_t len;
};

static struct edge place_at_edge(skypefp_packet *packet)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE), room = (packet->len + page - 1) / page * page;
    struct edge edge = { .len = room + page };

    edge.pages = mmap(NULL, edge.len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (edge.pages == MAP_FAILED || mprotect(edge.pages + room, page, PROT_NONE) != 0) {
        perror("run-vectors: mmap");
        _exit(2);
    }
    if (packet->len > 0) {
        memcpy(edge.pages + room - packet->len, packet->data, packet->len);
    }
    packet->data = packet->len > 0 ? edge.pages + room - packet->len : NULL;
    return edge;
}

static skypefp_packet borrow(const struct vector_packet *expected)
{
    skypefp_packet packet = expected->packet;

    packet.src = vector_address(&expected->src);
    packet.dst = vector_address(&expected->dst);
    packet.data = expected->payload->data;
    return packet;
}

bool call_at_edge(skypefp_tracker *tracker, const struct vector_packet *from, bool is_first_pass, uint32_t max_len,
                  skypefp_sighting *sighting)
{
    skypefp_packet packet = borrow(from);

    packet.len = MIN(packet.len, max_len);
    struct edge edge = place_at_edge(&packet);
    bool is_found =
        is_first_pass ? skypefp_observe(tracker, &packet, sighting) : skypefp_find(tracker, &packet, sighting);
    munmap(edge.pages, edge.len);
    return is_found;
}
