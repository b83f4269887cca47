/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Payloads that are left to Wireshark: one for each condition of doubts.c, and one beside it that is not. */
#include "doubts.h"
#include "frame_text.h"
#include "owned_ports.h"
#include "port_doubts.h"

#define ANY "a5"
#define NUL8 "0000000000000000"

struct payload {
    uint16_t port;
    const char *doubtful, *plain; /* NULL: whatever is in it is doubtful, and nothing is not */
};

static const struct payload udp[] = {
    { 213, ANY, NULL },
    { 434, "04", "03" },
    { 573, ANY, NULL },
    { 2055, "0009 013b", "0009 013c" },
    { 2067, "31", "30" },
    { 2123, "32ff", "3220" },
    { 2157, "00", "02" },
    { 2268, "04", "13" },
    { 3386, "0fff", "0f01" },
    { 4305, "04", "05" },
    { 4341, NUL8 "45", NUL8 "55" },
    { 4342, "80", "10" },
    { 4729, "020420", "020421" },
    { 4739, "000a 013b", "000a 023b" },
    { 4754, "0000 08", "0000 09" },
    { 4790, "0c000008", "0c000009" },
    { 4791, ANY, NULL },
    { 5000, "0100 0000", "4000 0000" },
    { 5072, "0000008f", "00000090" },
    { 5246, "00", "01" },
    { 5247, "00", "01" },
    { 5436, "29000a", "29000b" },
    { 6118, ANY, NULL },
    { 6343, "00000005", "00000006" },
    { 6635, ANY, NULL },
    { 8211, "4972", "4973" },
    { 9899, ANY, NULL },
    { 9996, "0009 013b", "0008 013b" },
    { 12000, "abaa13", "abaa01" },
    { 12004, "06060201", "42420301" },
    { 12220, NUL8 "00000000 0800", NUL8 "00000000 0377" },
    { 12220, NUL8 "00000000 0010 aaaa03", NUL8 "00000000 0010 424203" },
    { 12220, "01000c0000" NUL8 "000010 424203", "01000d0000" NUL8 "000010 424203" },
    { 12220, "0c000c0000" NUL8 "000010 424203", "0d000c0000" NUL8 "000010 424203" },
    { 12222, "00 0000000000 0800", "04 0000000000 0800 00" },
    { 12223, NUL8 "00000000 0008", NUL8 "00000000 0004" },
    { 13907, "03", "04" },
    { 17754, "4558", "4559" },
    { 19999, "00", "0a" },
    { 24577, NUL8 "00000000 0002", NUL8 "00000000 0003" },
    { 30030, NUL8 "60", NUL8 "00" },
    { 30030, NUL8 "ff", NUL8 "0f" },
    { 37008, "0005", "0006" },
    { 49999, "0102030405 4100 0b50 20 41", "0102030405 4100 0b50 20 43" },
};

static const struct payload tcp[] = {
    { 1998, "0000", "0001" },
    { 2065, "31", "32" },
    { 2152, "30ff", "3001" },
    { 3002, "0001fe", "000101" },
    { 3225, "aa0101fefe", "aa0101feff" },
    { 4342, "0010", "0021" },
    { 4739, "0009", "0001" },
    { 5000, "000100", "000101" },
    { 6653, ANY, NULL },

};

/* By content, whatever the port is. */
static const struct payload anywhere_udp[] = {
    { 0, "52467461", "52467462" },             /* RFtap */
    { 0, "00ffabcd", "00ffabce" },             /* Peek */
    { 0, "0007 0000 00000016" NUL8 "00000002", /* a remote packet of 2 octets */
      "0007 0000 00000016" NUL8 "00000003" },
    { 0, "01000000" NUL8 NUL8 "00000002 00000000 aabb", /* Arbor: a length that is that of the rest */
      "01000000" NUL8 NUL8 "00000003 00000000 aabb" },
    { 0, "0104 00000001 0204 00000002 0304 00000003 00", "0104 00000001 0204 00000002 0404 00000003 0000" },
    { 0, "0104 00000001 0204 00000002 0304 00000003 0900", "0105 0000000001 0204 00000002 0304 00000003 00" },
};
static const struct payload anywhere_tcp[] = {
    { 0, "0003 0000 00000002 aabb", "0003 0000 00000003 aabb" }, /* a remote message of 2 octets */
    { 0, "0003 0000 00000002 aabb", "000f 0000 00000002 aabb" },
    { 0, "aa 00000000 0001 1000 0102030405 11 0102", "aa 00000000 0001 1001 0102030405 11 0102" }, /* IPsec's trailer */
    { 0, "aa 00000000 0001 1000 0102030405 11 0102", "aa 00000001 0001 1000 0102030405 11 0102" },
};

static bool is_doubtful(bool is_udp, uint16_t src_port, uint16_t dst_port, const char *text)
{
    uint32_t n;
    uint8_t *octets = read_text(text, &n);
    struct layer payload = make_layer(octets, n, n, false);
    bool found = is_udp ? skypefp_is_doubtful_udp(src_port, dst_port, payload)
                        : skypefp_is_doubtful_tcp(src_port, dst_port, payload);

    g_free(octets);
    return found;
}

/* On either side, on no other port, and never without an octet. */
static void test_ports(bool is_udp, const struct payload *payloads, size_t n)
{
    enum { OTHER = 1000 };

    for (size_t i = 0; i < n; i++) {
        uint16_t port = payloads[i].port;
        g_assert_true(is_doubtful(is_udp, port, OTHER, payloads[i].doubtful));
        g_assert_true(is_doubtful(is_udp, OTHER, port, payloads[i].doubtful));
        g_assert_false(is_doubtful(is_udp, OTHER, OTHER, payloads[i].doubtful));
        g_assert_false(is_doubtful(is_udp, port, OTHER, ""));
        if (payloads[i].plain != NULL) {
            g_assert_false(is_doubtful(is_udp, port, OTHER, payloads[i].plain));
            g_assert_false(is_doubtful(is_udp, OTHER, port, payloads[i].plain));
        }
        g_assert_true(!is_udp || skypefp_is_owned_udp_port(port));
    }
    g_assert_false(skypefp_is_owned_udp_port(OTHER));
}

static void test_contents(bool is_udp, const struct payload *payloads, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        g_assert_true(is_doubtful(is_udp, 1000, 2000, payloads[i].doubtful));
        g_assert_false(is_doubtful(is_udp, 1000, 2000, payloads[i].plain));
    }
}

/* Packets of 188 octets that begin with 0x47, and one octet more. */
static void test_transport_stream(void)
{
    char *text = g_strdup_printf("47%0*d", 2 * 187, 0), *longer = g_strconcat(text, "00", NULL);

    g_assert_true(is_doubtful(true, 1000, 2000, text));
    g_assert_false(is_doubtful(true, 1000, 2000, longer));
    g_free(text);
    g_free(longer);
}

int main(void)
{
    test_ports(true, udp, G_N_ELEMENTS(udp));
    test_ports(false, tcp, G_N_ELEMENTS(tcp));
    test_contents(true, anywhere_udp, G_N_ELEMENTS(anywhere_udp));
    test_contents(false, anywhere_tcp, G_N_ELEMENTS(anywhere_tcp));
    test_transport_stream();
    return 0;
}
