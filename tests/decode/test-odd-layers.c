/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Layers that captures seldom have, and the limits of decode/. */
#include "fragments.h"
#include "frame_text.h"
#include "layer_text.h"
#include "walk.h"

#include <string.h>

#define EXPECTED4 "udp 192.0.2.1:1000 198.51.100.2:2000 4 of 4"
#define EXPECTED6 "udp [2001:db8::1]:1000 [2001:db8::2]:2000 4 of 4"

static void test_llc(void)
{
    nothing(1, MACS "0010 aaaa03 00000c 2000 0000000000000000");           /* Cisco's discovery */
    nothing(1, MACS "0010 aaaa03 00000c 2005 0000000000000000");           /* another protocol of Cisco's */
    nothing(1, MACS "0028 aaaabf 000000 0800" UDP4);                       /* XID, not UI */
    nothing(1, MACS "0028 aaaa03 00000d 0800" UDP4);                       /* an unknown organization's */
    nothing(1, MACS "0010 f0f003 00000000000000000000000000");             /* NetBIOS */
    nothing(1, MACS "0010 fefe03 82 000000000000000000000000");            /* ES-IS */
    nothing(1, MACS "0010 fefe03 83 000000000000000000000000");            /* IS-IS */
    nothing(1, MACS "0010 fefe03 81 000000000000000000000000");            /* CLNP */
    not_sure(1, "01000c000000 020000000002 0028 aaaa03 000000 0800" UDP4); /* ISL */
    nothing(1, ETHER6 "40000000 000c 11 40"
                      "0000000000000000 0000000000000000 0000000000000000 0000000000000000" UDP);
}

/* SCTP is nothing while its chunks carry signalling; other protocols by their types. */
#define SCTP_HEADER "0b59 0b59 00000001 00000000 "
#define DATA(protocol) "0003 0014 00000001 0001 0001" protocol "aabbccdd"

static void test_sctp(void)
{
    nothing(1, ETHER4 IP4("0034", "0000", "84") SCTP_HEADER "0100 0014 00000001 00000001 00010001 00000001");
    nothing(1, ETHER4 IP4("0034", "0000", "84") SCTP_HEADER DATA("00000003")); /* M3UA */
    nothing(1, ETHER4 IP4("0034", "0000", "84") SCTP_HEADER DATA("0000002e")); /* Diameter */
    nothing(1, ETHER4 IP4("0034", "0000", "84") SCTP_HEADER DATA("00000000")); /* unknown */
    nothing(1, ETHER4 IP4("0034", "0000", "84") SCTP_HEADER DATA("00000008"));
    not_sure(1, ETHER4 IP4("0024", "0000", "84") SCTP_HEADER "0003 0002");
    not_sure(1, ETHER4 IP4("0024", "0000", "84") SCTP_HEADER "4003 0014");
}

static void test_protocols(void)
{
    nothing(1, ETHER4 IP4("001c", "0000", "02") "1164000000000000");
    not_sure(1, ETHER4 IP4("001c", "0000", "02") "1400000000000000"); /* PIM 1 */
    nothing(1, ETHER4 IP4("001c", "0000", "67") "2000000000000000");
    not_sure(1, ETHER4 IP4("001c", "0000", "67") "2100000000000000"); /* a register carries a packet */
    nothing(1, ETHER6 IP6("0008", "87") "3b00000000000000");
    nothing(1, ETHER6 IP6("0008", "87") "1100000000000000"); /* mobility with something after it */
    nothing(1, ETHER6 IP6("0008", "3a") "8000000000000000");
    not_sure(1, ETHER6 IP6("0008", "3a") "8900000000000000"); /* a redirect */
}

static void test_ppp(void)
{
    nothing(104, "0f00 8035 00000002 00000000 00000000 ffff");
    nothing(104, "0f00");
    nothing(104, "0f00 0806 00000000");
    nothing(9, "0021");
    nothing(9, "0021 55");
    decided(9, "0057" IP6("000c", "11") UDP, EXPECTED6);
    decided(9, "ff03 0281 00010140" UDP4, EXPECTED4);
    not_sure(1, MACS "8864 1109 0003 0022 0021" UDP4); /* discovery where a session is expected */
    decided(1, MACS "8864 1100 0003 0022 0021" UDP4 "0000", EXPECTED4);
}

static void test_gre(void)
{
    decided(1, ETHER4 OUTER4("004c", "2f") "0000 86dd" IP6("000c", "11") UDP, EXPECTED6);
    decided(1, ETHER4 OUTER4("0046", "2f") "0000 6558" PLAIN, EXPECTED4);
    decided(1, ETHER4 OUTER4("003c", "2f") "0000 8847 00010140" UDP4, EXPECTED4);
    decided(1, ETHER4 OUTER4("0044", "2f") "3001 880b 0024 0001 00000001 ff03 0021" UDP4, EXPECTED4); /* PPTP */
    nothing(1, ETHER4 OUTER4("0018", "2f") "0000 0800");
    not_sure(1, ETHER4 OUTER4("0038", "2f") "4000 0800" UDP4); /* a source route */
    not_sure(1, ETHER4 OUTER4("0038", "2f") "0000 1234" UDP4);
    decided(1, ETHER4 OUTER4("0046", "2f") "0000 88be" PLAIN, EXPECTED4); /* ERSPAN I */
    decided(1, ETHER4 OUTER4("0052", "2f") "1000 88be 00000001 1040 0900 00000000" PLAIN, EXPECTED4);
    not_sure(1, ETHER4 OUTER4("0056", "2f") "1000 22eb 00000001 1000 0000 00000000 0000 0000" PLAIN);
}

static void test_udp_tunnels(void)
{
    decided(1,
            ETHER4 OUTER4("005f", "11") "c350 0dd8 004b 0000 0001 01 01 aa bb 0000000000000000 00" IP6("000c", "11")
                UDP,
            EXPECTED6); /* Teredo with authentication */
    decided(1, ETHER4 OUTER4("0058", "11") "c350 0dd8 0044 0000 0000 3333 44444444" IP6("000c", "11") UDP,
            EXPECTED6); /* and with an origin */
    not_sure(1, ETHER4 OUTER4("0024", "11") "c350 0dd8 0010 0000 0001 ffff aabbccdd");
    not_sure(1, ETHER4 OUTER4("0052", "11") "c350 17c1 003e 0000 40006558 00000700" PLAIN);       /* Geneve 1 */
    not_sure(1, ETHER4 OUTER4("0046", "11") "06a5 06a5 0032 0000 0202 0001 0001 ff03 0021" UDP4); /* an offset */
    decided(1, ETHER4 OUTER4("0028", "11") "06a5 06a5 0014 0000 c802 000c 0001 0000 0000 0000",
            "udp 10.0.0.1:1701 10.0.0.2:1701 12 of 12"); /* L2TP's control */
}

static void test_wireless(void)
{
    const char *lead = "0801 0000 020000000001 020000000002 020000000003 1000 aaaa03000000 0800";
    char *more = g_strconcat("0000 0d00 02000080 00000000 00", lead, UDP4, NULL);
    char *time = g_strconcat("0000 1100 03000000 1122334455667788 00", lead, UDP4, NULL);
    char *bad = g_strconcat("0000 1100 03000000 1122334455667788 40", lead, UDP4, NULL);

    decided(127, more, EXPECTED4);
    decided(127, time, EXPECTED4);
    not_sure(127, bad);
    not_sure(127, "0000 0800 00000080 0801 0000 020000000001");
    not_sure(105, "0901 0000 020000000001 020000000002 020000000003 1000 aaaa03000000 0800");
    g_free(more);
    g_free(time);
    g_free(bad);
}

/* The beginning of a datagram whose fragments were not captured whole. */
static void test_beginnings(void)
{
    nothing_cut(1, ETHER4 IP4("002c", "2000", "06") "03e8 07d0 00000011 00000022 5018 2000 0000 0000 aabbccdd", 2);
    nothing_cut(1, ETHER4 IP4("001c", "2000", "11") "03e8 07d0 0018 0000", 2);
    nothing_cut(1, ETHER4 IP4("001c", "2000", "01") "0800 0000 00000000", 2);
    decided(1, ETHER6 IP6("0014", "00") "1100 000000000000" UDP, EXPECTED6); /* padding of one octet each */
    nothing(1, ETHER4 "4500 002c 0001 2000 40 04 0000 0a000001 0a000002" IP4("001c", "0001", "11") "00010203");
    not_sure(1, ETHER4 "4500 0018 0001 0003 40 04 0000 0a000001 0a000002 04050607"); /* a fragment in fragments */
}

/* ---- limits ---- */

/* A frame with one fragment of UDP: its datagram's id, offset in 8 octets, 8 octets of data. */
static enum skypefp_decoded decode_fragment(unsigned id, unsigned offset)
{
    char *text = g_strdup_printf(ETHER4 "4500 001c %04x %04x 40 11 0000 c0000201 c6336402 0001020304050607", id,
                                 offset | 0x2000);
    enum skypefp_decoded decoded = decode_lengths(1, text, (uint32_t)42, 42);

    g_free(text);
    return decoded;
}

static void test_limits_of_fragments(void)
{
    for (unsigned id = 0; id < MAX_FRAGMENTED; id++) {
        g_assert_cmpint(decode_fragment(id, 1), ==, SKYPEFP_NOTHING);
    }
    g_assert_cmpint(decode_fragment(MAX_FRAGMENTED, 1), ==, SKYPEFP_NOT_SURE);
    forget();
    for (unsigned piece = 0; piece < MAX_FRAGMENTS; piece++) {
        g_assert_cmpint(decode_fragment(1, 1 + 2 * piece), ==, SKYPEFP_NOTHING);
    }
    g_assert_cmpint(decode_fragment(1, 1 + 2 * MAX_FRAGMENTS), ==, SKYPEFP_NOT_SURE);
    forget();
    for (unsigned id = 0; id < MAX_FRAGMENT_OCTETS / 65528; id++) {
        g_assert_cmpint(decode_fragment(id, 65520 / 8), ==, SKYPEFP_NOTHING);
    }
    g_assert_cmpint(decode_fragment(MAX_FRAGMENT_OCTETS / 65528, 65520 / 8), ==, SKYPEFP_NOT_SURE);
}

/* IPv4 in IPv4, n headers and a datagram. */
static char *nest(unsigned n)
{
    GString *text = g_string_new(ETHER4);

    for (unsigned i = 0; i < n; i++) {
        g_string_append_printf(text, "4500%04x00010000 40 04 0000 0a000001 0a000002 ", (n - i) * 20 + 32);
    }
    g_string_append(text, UDP4);
    return g_string_free(text, FALSE);
}

static void test_limit_of_layers(void)
{
    char *few = nest(2), *many = nest(MAX_LAYERS + 1);

    decided(1, few, EXPECTED4);
    not_sure(1, many);
    g_free(few);
    g_free(many);
}

int main(void)
{
    static void (*const tests[])(void) = {
        test_llc,
        test_sctp,
        test_protocols,
        test_ppp,
        test_gre,
        test_udp_tunnels,
        test_wireless,
        test_beginnings,
        test_limits_of_fragments,
        test_limit_of_layers,
    };

    for (size_t i = 0; i < G_N_ELEMENTS(tests); i++) {
        forget();
        tests[i]();
    }
    forget_all();
    return 0;
}
