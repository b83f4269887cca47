/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decodes frames given as text. */
#include "frame_text.h"

#include <gio/gio.h>
#include <string.h>

skypefp_packet last;

static skypefp_decoder *decoder;
static uint8_t *octets; /* of the frame that was decoded last, which its packet borrows */

void forget_all(void)
{
    skypefp_decoder_free(decoder);
    decoder = NULL;
    g_clear_pointer(&octets, g_free);
}

void forget(void)
{
    skypefp_decoder_free(decoder);
    decoder = skypefp_decoder_new();
}

uint8_t *read_text(const char *text, uint32_t *n)
{
    GByteArray *array = g_byte_array_new();
    int high = -1;

    for (; *text != '\0'; text++) {
        int digit = g_ascii_xdigit_value(*text);
        if (digit >= 0 && high < 0) {
            high = digit;
        } else if (digit >= 0) {
            uint8_t octet = (uint8_t)(high << 4 | digit);
            g_byte_array_append(array, &octet, 1);
            high = -1;
        }
    }
    g_assert_cmpint(high, ==, -1);
    *n = array->len;
    return g_byte_array_free(array, FALSE);
}

static enum skypefp_decoded decode_with(skypefp_decoder *with, int link, const uint8_t *all, uint32_t len,
                                        uint32_t wire_len)
{
    g_free(octets);
    octets = g_malloc(MAX(len, 1));
    if (len > 0) {
        memcpy(octets, all, len);
    }
    skypefp_frame frame = { .data = octets, .len = len, .wire_len = wire_len, .link = link };
    return skypefp_decode(with, &frame, &last);
}

enum skypefp_decoded decode_lengths(int link, const char *text, uint32_t len, uint32_t wire_len)
{
    uint32_t n;
    uint8_t *all = read_text(text, &n);
    enum skypefp_decoded outcome = decode_with(decoder, link, all, MIN(len, n), wire_len);

    g_free(all);
    return outcome;
}

/* Every shorter frame, captured or sent, in a memory of its own. */
static void decode_shorter(int link, const uint8_t *all, uint32_t n)
{
    skypefp_decoder *other = skypefp_decoder_new();

    for (uint32_t len = 0; len < n; len++) {
        decode_with(other, link, all, len, n);
        decode_with(other, link, all, len, len);
    }
    skypefp_decoder_free(other);
}

static enum skypefp_decoded decode_cut(int link, const char *text, uint32_t n_cut)
{
    uint32_t n;
    uint8_t *all = read_text(text, &n);

    decode_shorter(link, all, n);
    enum skypefp_decoded outcome = decode_with(decoder, link, all, n - n_cut, n);
    g_free(all);
    return outcome;
}

static void expect(int link, const char *text, uint32_t n_cut, enum skypefp_decoded expected)
{
    static const char *const names[] = { "nothing", "decided", "not sure" };
    enum skypefp_decoded outcome = decode_cut(link, text, n_cut);

    if (outcome != expected) {
        g_error("%s, expected %s: link type %d, %s", names[outcome], names[expected], link, text);
    }
}

static char *describe_address(const skypefp_address *address)
{
    GInetAddress *inet =
        g_inet_address_new_from_bytes(address->bytes,
                                      address->len == SKYPEFP_IPV4_LEN ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6);
    char *host = g_inet_address_to_string(inet);
    char *text = g_strdup_printf(address->len == SKYPEFP_IPV4_LEN ? "%s:%u" : "[%s]:%u", host, address->port);

    g_free(host);
    g_object_unref(inet);
    return text;
}

void decided_cut(int link, const char *text, uint32_t n, const char *expected)
{
    expect(link, text, n, SKYPEFP_DECIDED);
    char *src = describe_address(&last.src), *dst = describe_address(&last.dst);
    char *found = g_strdup_printf("%s %s %s %u of %u", last.transport == SKYPEFP_UDP ? "udp" : "tcp", src, dst,
                                  last.len, last.wire_len);

    g_assert_cmpstr(found, ==, expected);
    g_free(found);
    g_free(src);
    g_free(dst);
}

void decided(int link, const char *text, const char *expected)
{
    decided_cut(link, text, 0, expected);
}

void nothing_cut(int link, const char *text, uint32_t n)
{
    expect(link, text, n, SKYPEFP_NOTHING);
}

void nothing(int link, const char *text)
{
    nothing_cut(link, text, 0);
}

void not_sure_cut(int link, const char *text, uint32_t n)
{
    expect(link, text, n, SKYPEFP_NOT_SURE);
}

void not_sure(int link, const char *text)
{
    not_sure_cut(link, text, 0);
}

void in_any_order(const char *const parts[3], const char *expected)
{
    static const unsigned orders[][3] = {
        { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 }
    };

    for (size_t i = 0; i < G_N_ELEMENTS(orders); i++) {
        forget();
        nothing(1, parts[orders[i][0]]);
        nothing(1, parts[orders[i][1]]);
        decided(1, parts[orders[i][2]], expected);
    }
}
