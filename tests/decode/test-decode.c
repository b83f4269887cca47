/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Frames of every layer: what is decided, what is nothing, and what is not sure. */
#include "frame_text.h"
#include "headers.h"
#include "layer_text.h"

static void test_plain(void)
{
    decided(1, PLAIN, "udp 192.0.2.1:1000 198.51.100.2:2000 4 of 4");
    decided(1, ETHER4 IP4("002b", "4000", "06") TCP, "tcp 192.0.2.1:1000 198.51.100.2:2000 3 of 3");
    decided(1, ETHER6 IP6("000c", "11") UDP, "udp [2001:db8::1]:1000 [2001:db8::2]:2000 4 of 4");
    decided(1, PLAIN "0000000000000000", "udp 192.0.2.1:1000 198.51.100.2:2000 4 of 4"); /* Ethernet's padding */
    decided(1, ETHER4 "4600 0024 1234 0000 40 11 0000 c0000201 c6336402 01010101" UDP,
            "udp 192.0.2.1:1000 198.51.100.2:2000 4 of 4");
    g_assert_cmpuint(last.tcp_seq, ==, 0);
    decided(1, ETHER4 IP4("002b", "4000", "06") TCP, "tcp 192.0.2.1:1000 198.51.100.2:2000 3 of 3");
    g_assert_cmpuint(last.tcp_seq, ==, 0x11);
    g_assert_cmpuint(last.tcp_ack, ==, 0x22);
    g_assert_cmpuint(last.tcp_flags, ==, SKYPEFP_ACK | 0x08);
}

/* Length fields that contradict each other or the frame. */
static void test_lengths(void)
{
    decided(1, ETHER4 IP4("0000", "0000", "11") UDP, "udp 192.0.2.1:1000 198.51.100.2:2000 4 of 4"); /* offload */
    decided(1, ETHER4 IP4("0020", "0000", "11") "03e8 07d0 0004 0000 aabbccdd",
            "udp 192.0.2.1:1000 198.51.100.2:2000 4 of 4");
    decided(1, ETHER4 IP4("0020", "0000", "11") "03e8 07d0 000a 0000 aabbccdd",
            "udp 192.0.2.1:1000 198.51.100.2:2000 2 of 2");
    decided(1, ETHER4 IP4("0020", "0000", "11") "03e8 07d0 ffff 0000 aabbccdd",
            "udp 192.0.2.1:1000 198.51.100.2:2000 4 of 4");
    decided(1, ETHER4 IP4("0400", "0000", "11") UDP, "udp 192.0.2.1:1000 198.51.100.2:2000 4 of 4");
    decided(1, ETHER4 IP4("0400", "0000", "06") TCP, "tcp 192.0.2.1:1000 198.51.100.2:2000 3 of 984");
    nothing(1, ETHER4 IP4("0010", "0000", "11") UDP); /* less than the header */
    nothing(1, ETHER4 IP4("0028", "0000", "06") "03e8 07d0 00000011 00000022 4018 2000 0000 0000");
    nothing(1, ETHER4 IP4("0018", "0000", "11") "03e8 07d0");
    nothing(1, ETHER4 "75"
                      "00"
                      "0020 1234 0000 40 11 0000 c0000201 c6336402" UDP);                         /* version 7 */
    decided(1, ETHER4 IP6("000c", "11") UDP, "udp [2001:db8::1]:1000 [2001:db8::2]:2000 4 of 4"); /* version 6 */
    g_assert_cmpuint(last.scope, ==, 1u << 16); /* Wireshark counts two headers */
}

static void test_cut_frames(void)
{
    decided_cut(1, PLAIN, 2, "udp 192.0.2.1:1000 198.51.100.2:2000 2 of 4");
    decided_cut(1, PLAIN, 4, "udp 192.0.2.1:1000 198.51.100.2:2000 0 of 4");
    nothing_cut(1, PLAIN, 6);
    nothing_cut(1, PLAIN, 30);
    g_assert_cmpint(decode_lengths(1, ETHER4 IP4("0400", "0000", "06") TCP, 57, UINT32_MAX), ==, SKYPEFP_DECIDED);
    g_assert_cmpuint(last.wire_len, ==, 984);
    g_assert_cmpint(decode_lengths(1, PLAIN, 46, 45), ==, SKYPEFP_NOT_SURE);
    g_assert_cmpint(decode_lengths(1, "", 0, 0), ==, SKYPEFP_NOTHING);
}

static void test_nothing(void)
{
    nothing(1, MACS "0806 0001080006040001 020000000001 c0000201 000000000000 c0000202");
    nothing(1, ETHER4 IP4("0038", "0000", "01") "0301 0000 00000000" UDP4); /* quoted by an error */
    nothing(1, ETHER4 IP4("0018", "0000", "02") "11640000 00000000");
    nothing(1, ETHER6 IP6("0004", "3b") "00000000");
    nothing(1, ETHER6 IP6("0000", "3b"));
    nothing(1, MACS "0004 1818 0300 0000"); /* an access point that nobody knows */
    nothing(1, MACS "0026 fefe 03 83 0000000000000000");
    nothing(1, MACS "0026 aaaa 03 00000c 0111 0000000000000000"); /* one of Cisco's protocols */
    nothing(1, ETHER4 IP4("0018", "0000", "71") "00000000");      /* PGM */
    nothing(1, MACS "0026 4242 03 0000000000 0000000000000000");
    nothing(1, MACS "88cc 0207040200000000");
    nothing(1, MACS "7777 0000000000000000"); /* unknown to everybody */
    nothing(147, "00");
}

static void test_not_sure(void)
{
    not_sure(1, MACS "88a4 0000000000000000");                /* EtherCAT may carry Ethernet */
    not_sure(1, ETHER4 IP4("0018", "0000", "33") "00000000"); /* AH */
    not_sure(1, ETHER4 "4700 0028 1234 0000 40 11 0000 c0000201 c6336402 83070c0a00000100" UDP); /* source route */
    not_sure(1, MACS "0030 aaaa 03 0017f2 0800" UDP4);                                           /* AWDL */
    not_sure(1, MACS "0030 0c0c 03 00000000 00000000");                                          /* SNA */
    not_sure(1, ETHER4 IP4("0034", "0000", "84") "03e8 8e3c 00000000 00000000 0003 0014 00000000 0000 0000 00000012 "
                                                 "00000000"); /* S1AP in SCTP */
    nothing(1, ETHER4 IP4("0034", "0000", "84") "03e8 07d0 00000000 00000000 0003 0014 00000000 0000 0000 00000000 "
                                                "00000000");
    not_sure(1, ETHER4 IP4("0020", "0000", "11") "1388 07d0 000c 0000 01000000"); /* TAPA */
    not_sure(1, ETHER4 IP4("0020", "0000", "11") "03e8 07d0 000c 0000 52467461"); /* RFtap */
    not_sure(1, ETHER4 IP4("0020", "0000", "11") "03e8 18c7 000c 0000 00000005"); /* sFlow */
    not_sure(1, ETHER4 IP4("0020", "0000", "11") "4e1f 07d0 000c 0000 00000000"); /* GPRS */
    decided(1, ETHER4 IP4("0020", "0000", "11") "03e8 18c7 000c 0000 05000000",
            "udp 192.0.2.1:1000 198.51.100.2:6343 4 of 4");
    not_sure(1, ETHER4 IP4("0038", "0000",
                           "11") "03e8 07d0 0024 0000 00070000 00000014 00000000 00000000 00000000 00000000 00000000");
    not_sure(1, ETHER4 OUTER4("0052", "11") "01b2 12b5 003e 0000 08000000 00000700" PLAIN); /* two owners */
    not_sure(1,
             ETHER4 IP4("002b", "4000", "06") "03e8 19fd 00000011 00000022 5018 2000 0000 0000 aabbcc"); /* OpenFlow */
    decided(1, ETHER4 IP4("0028", "4000", "06") "03e8 19fd 00000011 00000022 5010 2000 0000 0000",
            "tcp 192.0.2.1:1000 198.51.100.2:6653 0 of 0");
    not_sure(204, PLAIN);
    not_sure(1, ETHER6 IP6("0024", "2b") "1102 0001 00000000 20010db8000000000000000000000009" UDP);
    decided(1, ETHER6 IP6("002f", "2b") "0602 0001 00000000 20010db8000000000000000000000009" TCP,
            "tcp [2001:db8::1]:1000 [2001:db8::2]:2000 3 of 3"); /* segments have the header's addresses */
    not_sure(1, ETHER6 IP6("0040", "2b") "0402 0001 00000000 20010db8000000000000000000000009" UDP4);
}

static void test_links(void)
{
    const char *expected = "udp 192.0.2.1:1000 198.51.100.2:2000 4 of 4";

    decided(0, "02000000" UDP4, expected);
    decided(0, "00000002" UDP4, expected);
    decided(0, "1e000000" IP6("000c", "11") UDP, "udp [2001:db8::1]:1000 [2001:db8::2]:2000 4 of 4");
    not_sure(0, "ff030021" UDP4);
    decided(12, UDP4, expected);
    decided(19, UDP4, expected);
    decided(50, "ff03 0021" UDP4, expected);
    decided(51, "1100 0003 0022 0021" UDP4, expected);
    decided(112, "0f00 0800" UDP4, expected);
    decided(108, "00000002" UDP4, expected);
    decided(101, UDP4, expected);
    not_sure(101, "450000200001ff03 40110000 c0000201 c6336402" UDP); /* Wireshark sees PPP in it */
    decided(228, UDP4, expected);
    decided(229, IP6("000c", "11") UDP, "udp [2001:db8::1]:1000 [2001:db8::2]:2000 4 of 4");
    decided(113, "0000 0001 0006 0200000000010000 0800" UDP4, expected);
    not_sure(113, "0000 0338 0006 0200000000010000 0800" UDP4); /* netlink */
    decided(276, "0800 0000 00000001 0001 00 06 0200000000010000" UDP4, expected);
    decided(9, "ff03 0021" UDP4, expected);
    decided(9, "0021" UDP4, expected);
    nothing(9, "ff03 c021 01000004");
    nothing(9, "ff03 0029 01000004");  /* AppleTalk */
    not_sure(9, "ff03 003d 80000000"); /* part of a frame */
    decided(9, "0f00 0800" UDP4, expected);
    decided(104, "0f00 0800" UDP4, expected);
    decided(104, "8f00 8847 00010140" UDP4, expected);
    nothing(104, "8f00 fefe 00 83 0000");
    nothing(104, "8f00 8035 00000001");
    decided(105, "0801 0000 020000000001 020000000002 020000000003 1000 aaaa03000000 0800" UDP4, expected);
    decided(105, "8801 0000 020000000001 020000000002 020000000003 1000 0000 aaaa03000000 0800" UDP4 "00112233",
            expected);
    nothing(105, "0841 0000 020000000001 020000000002 020000000003 1000 1122334455667788");             /* protected */
    nothing(105, "8000 0000 ffffffffffff 020000000002 020000000002 1000 0000000000000000");             /* beacon */
    not_sure(105, "8801 0000 020000000001 020000000002 020000000003 1000 8000 aaaa03000000 0800" UDP4); /* aggregate */
    decided(127,
            "0000 0900 02000000 10 0801 0000 020000000001 020000000002 020000000003 1000 aaaa03000000 0800" UDP4
            "00112233",
            expected);
    not_sure(127, "0000 0900 02000000 40 0801 0000 020000000001 020000000002 020000000003 1000 aaaa03000000 0800" UDP4);
}

static void test_old_links(void)
{
    const char *expected = "udp 192.0.2.1:1000 198.51.100.2:2000 4 of 4";

    decided(10, "50 020000000001 020000000002 aaaa03 000000 0800" UDP4, expected); /* FDDI */
    nothing(10, "c0 020000000001 020000000002 aaaa03 000000 0800" UDP4);
    decided(107, "1841 03 cc" UDP4, expected); /* Frame Relay */
    decided(107, "1841 03 00 80 000000 0800" UDP4, expected);
    decided(107, "1841 0800" UDP4, expected);
    nothing(107, "1841 03 82 00000000");
    nothing(107, "0001 0000 cc" UDP4); /* circuit 0 without the usual control field: signalling */
    nothing(107, "18404040");
    decided(129, "0102 0000 f0" UDP4, expected); /* ARCNET */
    decided(129, "0102 0000 d4 000000" UDP4, expected);
    nothing(129, "0102 0000 dd 000000" UDP4);
    not_sure(129, "0102 0000 cd" UDP4);
    decided(137, "4d4743 00 00000000 aaaa03 000000 0800" UDP4, expected); /* Juniper */
    nothing(137, "30303030 00000000 11223344");
    not_sure(137, "4d4743 00 00000000" UDP4);
    decided(178, "4d474380 0002 0000" PLAIN, expected);
    not_sure(178, "4d474302" PLAIN);
    nothing(123, "02000000"), not_sure(123, "02000000 aaaa03 000000 0800" UDP4); /* ATM */
    decided(226, "01 02 0000 00000020 00000000 00000000 00000000 00000000" UDP4, expected);
    nothing(226, "01 00 0000 00000020 00000000 00000000 00000000 00000000" UDP4);
    decided(242, "0000000000000000000000000000000000000000000000000000000000000000 0000000000000000 0800 0000" UDP4,
            expected);
    nothing(227, "00000001 04000000 11223344"); /* CAN */
}

/* The numbers in these headers are in the byte order of the machine that wrote them. */
static void test_logs(void)
{
    const char *expected = "udp 192.0.2.1:1000 198.51.100.2:2000 4 of 4";
    static const char header[] = "6c000000 01000000 01000000 000000000000000000000000000000000000000000000000"
                                 "000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
                                 "000000000000000000000000000000000000000000000000000000000000";
    char *frame = g_strconcat(header, PLAIN, NULL);

    decided(258, frame, expected);
    decided(149, frame, expected);
    nothing(258, "10000000 01000000 01000000"); /* shorter than any header */
    g_free(frame);
    if (G_BYTE_ORDER == G_LITTLE_ENDIAN) {
        decided(239, "02 00 0000 0800 0100 0800 00 00 2400 0900" UDP4, expected);
        decided(239, "02 00 0000 2400 0900" UDP4, expected);
        nothing_cut(239, "02 00 0000 2400 0900" UDP4 "00000000", 4); /* another value that was not captured */
        decided_cut(239,
                    "02 00 0000 2300 0900 4500001f 1234 0000 40 11 0000 c0000201 c6336402 03e8 07d0 000b 0000 "
                    "aabbcc 00 00000000",
                    5, "udp 192.0.2.1:1000 198.51.100.2:2000 3 of 3");
        nothing(239, "02 00 0000 0300 0900" UDP4); /* shorter than its own header */
        not_sure(239, "02 00 0000 9900 0900" UDP4);
    }
}

static void test_tags(void)
{
    const char *expected = "udp 192.0.2.1:1000 198.51.100.2:2000 4 of 4";

    decided(1, MACS "8100 2064 0800" UDP4, expected);
    g_assert_cmpuint(last.scope, ==, 0x64);
    decided(1, MACS "88a8 00c8 8100 0064 0800" UDP4, expected);
    g_assert_cmpuint(last.scope, ==, 0x64);                    /* the tag of 802.1Q */
    nothing(1, MACS "88a8 0002 0030 aaaa03 000000 0800" UDP4); /* no length in it */
    decided(1, MACS "8847 00010140" UDP4, expected);
    decided(1, MACS "8847 00010040 00011140" UDP4, expected);
    not_sure(1, MACS "8847 00010140 00000000" PLAIN); /* perhaps a pseudowire */
    not_sure(1, MACS "8847 00010140 00000000" ETHER4 OUTER4("0036", "11") "c350 12b5 0022 0000 08000000 00000700" MACS
                                                                          "0806 000108000604");
    nothing(1, MACS "8847 00010140 00000000 0211223344550266778899aa 0806 0001080006040001 0000000000000000");
    decided(1, MACS "8864 1100 0003 0022 0021" UDP4, expected);
    decided(1, MACS "0028 aaaa03 000000 0800" UDP4, expected);
    decided(1, MACS "8926 00000000 0800" UDP4, expected);     /* VN-Tag */
    decided(1, MACS "893f 000000000000 0800" UDP4, expected); /* E-Tag */
    decided(1, MACS "d28b 0001 0010 0000000000000000 0800" UDP4, expected);
    decided(1, MACS "d28b 0001 0120 000000000000 0800" UDP4, expected);
    nothing(1, MACS "d28b 0001 0777 0000000000000000 0800" UDP4);
}

static void test_tunnels(void)
{
    const char *expected = "udp 192.0.2.1:1000 198.51.100.2:2000 4 of 4";

    decided(1, ETHER4 OUTER4("0034", "04") UDP4, expected);
    g_assert_cmpuint(last.scope, ==, 1u << 16);
    decided(1, ETHER4 OUTER4("0048", "29") IP6("000c", "11") UDP, "udp [2001:db8::1]:1000 [2001:db8::2]:2000 4 of 4");
    decided(1, ETHER4 OUTER4("0038", "2f") "0000 0800" UDP4, expected);
    decided(1, ETHER4 OUTER4("0040", "2f") "3000 0800 00000001 00000002" UDP4, expected);
    decided(1, ETHER4 OUTER4("0052", "2f") "1000 88be 00000001 1000 0000 00000000" PLAIN, expected);
    decided(1, ETHER4 OUTER4("0052", "2f") "1000 88be 00000001 1040 1900 00000000" PLAIN, expected);
    g_assert_cmpuint(last.scope, ==, 1u << 16); /* the tag is in the frame, or was */
    decided(1, ETHER4 OUTER4("0056", "2f") "1000 22eb 00000001 2000 0000 00000000 0000 0000" PLAIN, expected);
    decided(1, MACS "8100 0064 0800" OUTER4("0056", "2f") "1000 22eb 00000001 2005 0000 00000000 0000 0000" PLAIN,
            expected);
    g_assert_cmpuint(last.scope, ==, (1u << 16 | 5));                    /* whatever the tag in front */
    decided(1, ETHER4 OUTER4("0046", "2f") "0000 88be" PLAIN, expected); /* ERSPAN I */
    decided(1, ETHER4 OUTER4("003c", "2f") "0000 883e 05590048" UDP4, expected);
    decided(1, ETHER4 OUTER4("0038", "2f") "0000 883e" UDP4, expected); /* redirected by WCCP */
    decided(1, ETHER4 OUTER4("0052", "2f") "0000 6558" MACS "0028 aaaa03 000000 0800" UDP4, expected);
    g_assert_cmpuint(last.scope, ==, 0); /* the plugin counts from LLC on */
    decided(1, ETHER4 OUTER4("0052", "11") "c350 12b5 003e 0000 08000000 00000700" PLAIN, expected); /* VXLAN */
    decided(1, ETHER4 OUTER4("0044", "11") "c350 0868 0030 0000 30ff0020 00000005" UDP4, expected);  /* GTP-U */
    decided(1, ETHER4 OUTER4("0048", "11") "c350 0868 0034 0000 32ff0024 00000005 00010000" UDP4, expected);
    decided(1, ETHER4 OUTER4("0052", "11") "c350 17c1 003e 0000 00006558 00000700" PLAIN, expected); /* Geneve */
    decided(1, ETHER4 OUTER4("0050", "11") "c350 0dd8 003c 0000" IP6("000c", "11") UDP,              /* Teredo */
            "udp [2001:db8::1]:1000 [2001:db8::2]:2000 4 of 4");
    decided(1, ETHER4 OUTER4("0046", "11") "06a5 06a5 0032 0000 0002 0001 0001 ff03 0021" UDP4, expected); /* L2TP */
    decided(1, ETHER4 OUTER4("004a", "11") "06a5 06a5 0036 0000 0202 0001 0001 0002 0000 ff03 0021" UDP4, expected);
    not_sure(1, ETHER4 OUTER4("0046", "11") "c350 06a5 0032 0000 0002 0001 0001 ff03 0021" UDP4);
    not_sure(1, ETHER4 OUTER4("0028", "11") "c350 0868 0014 0000 34ff0020 00000005 00000085");
    not_sure(1, ETHER4 OUTER4("0034", "04") IP4("0400", "0000", "11") UDP); /* longer than what it is in */
    decided(1, ETHER4 OUTER4("003e", "04") IP4("002b", "0000", "06") TCP,
            "tcp 192.0.2.1:1000 198.51.100.2:2000 3 of 3"); /* segments are looked for in the frame */
    decided(228, OUTER4("003e", "04") IP4("002b", "0000", "06") TCP,
            "tcp 192.0.2.1:1000 198.51.100.2:2000 2 of 3"); /* which ends with the outer header here */
    not_sure(1, ETHER4 OUTER4("0044", "11") "c350 0868 0030 0000 30ff0008 00000005" UDP4); /* a length that lies */
    not_sure(1,
             ETHER4 OUTER4("0036", "11") "c350 12b5 0022 0000 08000000 00000700 020000000001 020000000002 8137 0000");
}

/* A tunnel without an IP header in it is a datagram itself; one with another protocol in it is nothing. */
static void test_what_tunnels_hold(void)
{
    decided(1,
            ETHER4 OUTER4("0040", "11") "c350 12b5 002c 0000 08000000 00000700" MACS
                                        "0806 0001080006040001 0000000000000000 00000000 00",
            "udp 10.0.0.1:50000 10.0.0.2:4789 36 of 36");
    g_assert_cmpuint(last.scope, ==, 0);
    nothing(1, ETHER4 OUTER4("004a", "11") "c350 12b5 0036 0000 08000000 00000700" ETHER4 IP4("0018", "0000",
                                                                                              "01") "08000000");
    decided(1,
            ETHER4 OUTER4("0044", "11") "c350 12b5 0030 0000 08000000 00000700" MACS
                                        "8100 0005 0806 0001080006040001 0000000000000000 00000000",
            "udp 10.0.0.1:50000 10.0.0.2:4789 40 of 40");
    g_assert_cmpuint(last.scope, ==, 5); /* as Wireshark has it */
    not_sure(1, ETHER4 OUTER4("0034", "11") "c350 12b5 0020 0000 08000000 00000700" MACS "8100 0005");
    decided(1,
            ETHER4 OUTER4("0048", "04") OUTER4("0034", "11") "c350 12b5 0020 0000 08000000 00000700" MACS "0006 1a80",
            "udp 10.0.0.1:50000 10.0.0.2:4789 24 of 24");
    g_assert_cmpuint(last.scope, ==, 0x10000); /* LLC that no IP header follows, and half of it */
    decided(1, ETHER4 OUTER4("0024", "11") "c350 0868 0010 0000 30010000 00000000",
            "udp 10.0.0.1:50000 10.0.0.2:2152 8 of 8");
}

static void test_extensions(void)
{
    const char *expected = "udp [2001:db8::1]:1000 [2001:db8::2]:2000 4 of 4";

    decided(1, ETHER6 IP6("0014", "00") "1100 050200000100" UDP, expected);
    decided(1, ETHER6 IP6("001c", "3c") "2c00 010400000000 1100 0000 00000007" UDP, expected); /* an atomic fragment */
    not_sure(1, ETHER6 IP6("0000", "00") "1100 c20400000100" UDP);                             /* a jumbogram */
    nothing(229, IP6("0000", "11") UDP);                           /* Wireshark cuts the frame to the header */
    decided(1, ETHER6 IP6("0000", "11") UDP, expected);            /* offload */
    nothing(1, ETHER6 IP6("0010", "00") "1107 050200000100" UDP);  /* longer than the datagram */
    not_sure(1, ETHER6 IP6("0014", "00") "1100 1e0200000100" UDP); /* an option that may be anything */
    decided(1, ETHER6 IP6("001f", "33") "0600 0000 00000000" TCP, "tcp [2001:db8::1]:1000 [2001:db8::2]:2000 3 of 3");
}

/* Three fragments of one datagram of 8 + 16 octets. */
#define PART_1 ETHER4 IP4("001c", "2000", "11") "03e8 07d0 0018 0000"
#define PART_2 ETHER4 IP4("001c", "2001", "11") "0001020304050607"
#define PART_3 ETHER4 IP4("001c", "0002", "11") "08090a0b0c0d0e0f"
#define WHOLE "udp 192.0.2.1:1000 198.51.100.2:2000 16 of 16"

static void test_fragments(void)
{
    in_any_order((const char *const[]){ PART_1, PART_2, PART_3 }, WHOLE);
    g_assert_cmphex(last.data[0], ==, 0x00);
    g_assert_cmphex(last.data[15], ==, 0x0f);
    in_any_order((const char *const[]){ ETHER6 IP6("0010", "2c") "1100 0001 00000009 03e8 07d0 0018 0000",
                                        ETHER6 IP6("0010", "2c") "1100 0009 00000009 0001020304050607",
                                        ETHER6 IP6("0010", "2c") "1100 0010 00000009 08090a0b0c0d0e0f" },
                 "udp [2001:db8::1]:1000 [2001:db8::2]:2000 16 of 16");
    /* Whole twice: as often as it was sent. */
    nothing(1, PART_1), nothing(1, PART_2), decided(1, PART_3, WHOLE);
    nothing(1, PART_1), nothing(1, PART_2), decided(1, PART_3, WHOLE);
}

static void test_odd_fragments(void)
{
    nothing(1, PART_1), not_sure(1, PART_1); /* twice the same */
    forget();
    nothing(1, PART_3), not_sure(1, ETHER4 IP4("001c", "0003", "11") "0001020304050607"); /* two ends */
    forget();
    not_sure(1, ETHER4 IP4("001b", "2000", "11") "03e8 07d0 0018 00"); /* not a multiple of 8 */
    forget();
    nothing_cut(1, PART_1, 2), nothing_cut(1, PART_2, 2);
    decided_cut(1,
                ETHER4 IP4("003c", "2000", "11") "03e8 07d0 0080 0000 0001020304050607 0001020304050607 "
                                                 "0001020304050607 0001020304050607",
                2, "udp 192.0.2.1:1000 198.51.100.2:2000 30 of 32");
    not_sure(1, ETHER4 IP4("001c", "1fff", "11") "0001020304050607"); /* beyond the largest datagram */
    not_sure(1, PART_1);                                              /* nothing is put together after that */
    forget();
    nothing(1, ETHER4 IP4("001c", "2000", "01") "0800 0000 00000000");
    nothing(1,
            ETHER4 IP4("001c", "2000", "01") "0800 0000 00000000"); /* twice, but of a protocol that does not matter */
    forget();
    nothing(1, PART_1), not_sure(1, MACS "8100 0064 0800" IP4("001c", "2001", "11") "0001020304050607");
}

/* Records of flows, and controllers of switches: frames are in some of them. */
static void test_flows(void)
{
#define COUNTERS "00000005 00000001 c0000201 00000000 00000001 00000001 00000001"
    decided(1, ETHER4 IP4("0044", "0000", "11") "03e8 18c7 0030 0000" COUNTERS "00000002 00000004 00000000",
            "udp 192.0.2.1:1000 198.51.100.2:6343 40 of 40");
    not_sure(1, ETHER4 IP4("0044", "0000", "11") "03e8 18c7 0030 0000" COUNTERS "00000001 00000004 00000000");
    decided(1, ETHER4 IP4("0020", "0000", "11") "03e8 0807 000c 0000 00090000",
            "udp 192.0.2.1:1000 198.51.100.2:2055 4 of 4");
    not_sure(1, ETHER4 IP4("0022", "0000", "11") "03e8 0807 000e 0000 0009 0000 013b");
    decided(1, ETHER4 IP4("0030", "4000", "06") "03e8 19fd 00000011 00000022 5018 2000 0000 0000 0102 0008 00000000",
            "tcp 192.0.2.1:1000 198.51.100.2:6653 8 of 8");
    not_sure(1, ETHER4 IP4("0030", "4000", "06") "03e8 19fd 00000011 00000022 5018 2000 0000 0000 010a 0008 00000000");
    not_sure(1, ETHER4 IP4("0030", "4000", "06") "03e8 19fd 00000011 00000022 5018 2000 0000 0000 0102 0010 00000000");
}

int main(void)
{
    static void (*const tests[])(void) = {
        test_plain,      test_lengths,   test_cut_frames,
        test_nothing,    test_not_sure,  test_links,
        test_tags,       test_tunnels,   test_what_tunnels_hold,
        test_extensions, test_fragments, test_odd_fragments,
        test_old_links,  test_logs,      test_flows,
    };

    for (size_t i = 0; i < G_N_ELEMENTS(tests); i++) {
        forget();
        tests[i]();
    }
    forget_all();
    return 0;
}
