/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Turns a fuzzer's octets into limits, addresses and a sequence of packets. */
#include "packets.h"

#include <stdlib.h>
#include <string.h>

static uint32_t take(struct packets *packets, unsigned n)
{
    uint32_t value = 0;

    for (unsigned i = 0; i < n; i++) {
        value = value << 8 | (packets->at < packets->end ? *packets->at++ : 0u);
    }
    return value;
}

static void take_octets(struct packets *packets, uint8_t *octets, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        octets[i] = (uint8_t)take(packets, 1);
    }
}

void packets_begin(struct packets *packets, const uint8_t *input, size_t n)
{
    *packets = (struct packets){ .at = input, .end = input + n, .iv = 0x12345678, .id = 0x9240 };
    packets->limits.max_endpoints = 1 + take(packets, 1) % 64;
    packets->limits.max_requests = 1 + take(packets, 1) % 64;
    packets->limits.max_streams = 1 + take(packets, 1) % 64;
    packets->limits.max_findings = 1 + take(packets, 1) % 64;
    packets->n_ends = 1 + take(packets, 1) % MAX_ENDS;
    for (unsigned i = 0; i < packets->n_ends; i++) {
        skypefp_address *end = &packets->ends[i];
        end->len = take(packets, 1) & 1 ? SKYPEFP_IPV6_LEN : SKYPEFP_IPV4_LEN;
        end->bytes = packets->address[i];
        take_octets(packets, packets->address[i], end->len);
        end->port = (uint16_t)take(packets, 2);
    }
}

/* ---- templates: what takes a fuzzer too long to come upon ---- */

static uint8_t *put(uint8_t *at, uint32_t value, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        at[i] = (uint8_t)(value >> 8 * (n - 1 - i));
    }
    return at + n;
}

static uint8_t *put_text(uint8_t *at, const char *text)
{
    while (*text != '\0') {
        *at++ = (uint8_t)*text++;
    }
    return at;
}

static uint8_t *put_run(uint8_t *at, uint8_t first, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        *at++ = first;
        first = (uint8_t)(0xcd * first + 0x71);
    }
    return at;
}

static uint32_t draw_iv(struct packets *packets)
{
    return packets->iv = packets->iv * 0x10dcdu + 0x4271u;
}

/* seed, part one, part two, whose exclusive or cancels to a padding run. */
static uint8_t *put_seed_reuse(struct packets *packets, uint8_t *at)
{
    static const uint8_t one[10] = { 0, 1, 0, 0, 0, 1, 0, 0, 0, 1 };

    at = put(at, draw_iv(packets), 4);
    put_run(at + 10, 0x5a, 10);
    for (unsigned i = 0; i < sizeof one; i++) {
        at[i] = (uint8_t)(0x30 + 7 * i);
        at[10 + i] ^= at[i] ^ one[i];
    }
    return at + 20;
}

static uint8_t *put_payload(struct packets *packets, uint8_t *at, uint32_t crc)
{
    at = put(at, packets->id, 2);
    at = put(at, 0x02, 1);
    at = put(at, draw_iv(packets), 4);
    at = put(at, crc, 4);
    return put_run(at, 0x11, 9);
}

static uint8_t *put_answer(const struct packets *packets, uint8_t *at, uint8_t function, const skypefp_address *seen)
{
    at = put(at, packets->id, 2);
    at = put(at, function, 1);
    memcpy(at, seen->bytes, SKYPEFP_IPV4_LEN);
    return put(at + SKYPEFP_IPV4_LEN, 0x74a041f0, 4);
}

static uint8_t *put_resend(const struct packets *packets, uint8_t *at, const skypefp_address *destination)
{
    at = put(at, packets->id, 2);
    at = put(at, 0x0301, 2);
    at = put(at, 0x74a041f0, 4);
    memcpy(at, destination->bytes, SKYPEFP_IPV4_LEN);
    at = put(at + SKYPEFP_IPV4_LEN, 0xcdc5e74e, 4);
    return put_run(at, 0x11, 12);
}

static uint8_t *put_fragment(struct packets *packets, uint8_t *at, uint8_t index)
{
    at = put(at, 0x7777, 2);
    at = put(at, 0x5f, 1);
    at = put(at, packets->id, 2);
    at = put(at, (uint32_t)index << 8 | 0x02, 2);
    at = put(at, draw_iv(packets), 4);
    return put_run(at, 0x11, 9);
}

static uint32_t fill_template(struct packets *packets, unsigned name, const skypefp_packet *packet, uint8_t *data)
{
    uint8_t *at = data;

    switch (name % 18) {
    case 0:
        packets->id = (uint16_t)(packets->id + 2);
        at = put_payload(packets, at, 0xcdc5e74e);
        break;
    case 1:
        at = put_payload(packets, at, 0xcdc5e74e);
        break;
    case 2:
        packets->id++;
        at = put_payload(packets, at, draw_iv(packets));
        break;
    case 3:
        at = put_answer(packets, at, 0x17, &packet->dst);
        break;
    case 4:
        at = put_answer(packets, at, 0x65, &packet->dst);
        break;
    case 5:
        at = put_answer(packets, at, 0x65, &packets->ends[0]);
        break;
    case 6:
        at = put_resend(packets, at, &packet->dst);
        break;
    case 7:
        at = put_fragment(packets, at, 0);
        break;
    case 8:
        at = put_fragment(packets, at, 1);
        break;
    case 9:
        at = put_text(at, "GET / HTTP/1.0\r\n\r\n");
        break;
    case 10:
        at = put_text(at, "HTTP/1.0 404 Not Found\r\n\r\n");
        break;
    case 11:
        at = put_text(at, "random data\r\n\r\n");
        break;
    case 12:
        at = put_seed_reuse(packets, at);
        break;
    case 13:
        memset(at, 0xee, 48);
        at = put_run(at + 48, 0x29, 30);
        break;
    case 14:
        at = put(put(at, 0x16030100, 4), 0, 1);
        break;
    case 15:
        at = put(put(at, 0x17030100, 4), 0, 1);
        break;
    case 16:
        at = put(put(at, 0x16030100, 4), 0x20, 1);
        at = put(put(at, 0x42cdefe7, 4), 0x40d72f1d, 4);
        break;
    default:
        at = put_text(at, "GET http://ui.skype.com/ui/0/1.2/en/getlatestversion?ver=1.2 HTTP/1.0\r\n\r\n");
        break;
    }
    return (uint32_t)(at - data);
}

/* ---- packets ---- */

static int64_t take_time(struct packets *packets, uint8_t how)
{
    uint64_t time_us = (uint64_t)packets->time_us;

    switch (how & HOW_TIME) {
    case 0x00:
        time_us += 1000u * (uint64_t)take(packets, 1);
        break;
    case 0x40:
        time_us += 1000000u * (uint64_t)take(packets, 1);
        break;
    case 0x80:
        time_us -= 1000000u * (uint64_t)take(packets, 1);
        break;
    default:
        time_us = (uint64_t)take(packets, 4) << 32;
        time_us |= take(packets, 4);
        break;
    }
    return (int64_t)time_us;
}

static unsigned source_of(const struct packets *packets, uint8_t ends)
{
    return (ends & 15u) % packets->n_ends;
}

static unsigned destination_of(const struct packets *packets, uint8_t ends)
{
    return (ends >> 4 & 15u) % packets->n_ends;
}

static void take_tcp(struct packets *packets, uint8_t how, uint8_t ends, skypefp_packet *packet)
{
    unsigned src = source_of(packets, ends), dst = destination_of(packets, ends);
    uint32_t *own = &packets->sequence[src][dst];

    packet->tcp_flags = (uint8_t)take(packets, 1);
    if (how & HOW_SEQUENCE) {
        *own = take(packets, 4);
    } else {
        *own += (take(packets, 1) ^ 0x80u) - 0x80u; /* an octet with a sign */
    }
    packet->tcp_seq = *own;
    packet->tcp_ack = packets->sequence[dst][src] + (packet->tcp_flags >> 6 & 3u);
}

bool packets_next(struct packets *packets, skypefp_packet *packet)
{
    static uint8_t data[MAX_DATA];

    if (packets->at >= packets->end) {
        return false;
    }
    uint8_t how = (uint8_t)take(packets, 1), ends = (uint8_t)take(packets, 1);
    packets->time_us = take_time(packets, how);
    packets->frame += !(how & HOW_SAME_FRAME) || how & HOW_TCP || packets->frame == 0;
    *packet = (skypefp_packet){
        .frame = packets->frame,
        .transport = how & HOW_TCP ? SKYPEFP_TCP : SKYPEFP_UDP,
        .time_us = packets->time_us,
        .src = packets->ends[source_of(packets, ends)],
        .dst = packets->ends[destination_of(packets, ends)],
    };
    if (how & HOW_TCP) {
        take_tcp(packets, how, ends, packet);
    }
    uint32_t cut = how & HOW_CUT ? take(packets, 1) : 0, len = take(packets, how & HOW_LONG ? 2 : 1);
    if (how & HOW_TEMPLATE) {
        len = fill_template(packets, len, packet, data);
        cut = cut < len ? cut : len;
        packet->wire_len = len;
        packet->len = len - cut;
    } else {
        len = len < MAX_DATA ? len : MAX_DATA;
        take_octets(packets, data, len);
        packet->wire_len = len + cut;
        packet->len = len;
    }
    packets->data = packet->len > 0 ? memcpy(malloc(packet->len), data, packet->len) : NULL;
    packet->data = packets->data;
    if (how & HOW_TCP) {
        packets->sequence[source_of(packets, ends)][destination_of(packets, ends)] +=
            packet->wire_len + !!(packet->tcp_flags & SKYPEFP_SYN) + !!(packet->tcp_flags & SKYPEFP_FIN);
    }
    return true;
}
