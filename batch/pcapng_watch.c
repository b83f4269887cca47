/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Follows the blocks of a pcapng file.
 *
 * A block:
 *   0..3: type   4..7: length, all of it   8..: body   last 4: the length again
 * Fixed parts of the bodies, from the start of the block on; options follow:
 *   section      8..11: byte order   12..15: version   16..23: length
 *   interface    8..9: link type   10..11: reserved   12..15: snapshot length
 *   statistics   8..11: interface   12..19: time
 *   packet       8..11: interface   12..19: time   20..23: captured length   24..27: length on the wire, and the
 * packet, padded
 */
#include "pcapng_watch.h"

#include <glib.h>
#include <string.h>

enum {
    SECTION = 0x0a0d0d0a,
    INTERFACE = 1,
    STATISTICS = 5,
    PACKET = 6,
    SECRETS = 10,
    AT_LEN = 4,
    AT_BYTE_ORDER = 8,
    AT_CAPTURED = 20,
    AT_INTERFACE = 8,
    AT_ON_WIRE = 24,
    TRAILER_LEN = 4,
    MIN_LEN = 12,
    MAX_LEN = 16 * 1024 * 1024,
    SECTION_LEN = 24,
    INTERFACE_LEN = 16,
    STATISTICS_LEN = 20,
    PACKET_LEN = 28,
};

static uint32_t read_u32(const struct pcapng_watch *watch, const uint8_t *at)
{
    uint32_t value;

    memcpy(&value, at, sizeof value);
    return watch->is_swapped ? GUINT32_SWAP_LE_BE(value) : value;
}

static uint16_t read_u16(const struct pcapng_watch *watch, const uint8_t *at)
{
    uint16_t value;

    memcpy(&value, at, sizeof value);
    if (watch->is_swapped) {
        value = (uint16_t)GUINT16_SWAP_LE_BE(value);
    }
    return value;
}

/* Whether an option has a length that Wireshark takes. What changes frames is refused: a checksum's length, a time
 * offset. */
static bool is_plain_option(uint32_t type, uint16_t code, uint16_t len, const uint8_t *value)
{
    enum {
        COMMENT = 1,
        LAST_OF_SECTION = 4,
        NAME = 2,
        DESCRIPTION = 3,
        MAC = 6,
        SPEED = 8,
        RESOLUTION = 9,
        FILTER = 11,
        SYSTEM = 12,
        HARDWARE = 15,
        FLAGS = 2,
        LAST_STATISTIC = 8,
        NANOSECONDS = 9
    };

    if (code == COMMENT) {
        return true;
    }
    switch (type) {
    case SECTION:
        return code <= LAST_OF_SECTION;
    case INTERFACE:
        return code == NAME || code == DESCRIPTION || code == SYSTEM || code == HARDWARE || (code == MAC && len == 6) ||
               (code == SPEED && len == 8) || (code == RESOLUTION && len == 1 && value[0] <= NANOSECONDS) ||
               (code == FILTER && len >= 1);
    case STATISTICS:
        return code <= LAST_STATISTIC && len == 8;
    default:
        return code == FLAGS && len == 4;
    }
}

/* Options:
 *   0..1: code, 0 ends them   2..3: length   4..: value, padded to 4 octets */
static bool has_plain_options(const struct pcapng_watch *watch, uint32_t type)
{
    uint32_t at = 0;

    while (watch->n_options - at >= 4) {
        uint16_t code = read_u16(watch, watch->options + at), len = read_u16(watch, watch->options + at + 2);
        uint32_t padded_len = (len + 3u) / 4 * 4;
        at += 4;
        if (code == 0) {
            return len == 0 && at == watch->n_options;
        }
        if (padded_len > watch->n_options - at || !is_plain_option(type, code, len, watch->options + at)) {
            return false;
        }
        at += padded_len;
    }
    return watch->n_options == 0;
}

/* Where the options of the block begin, by its header; 0: it is not a plain one. */
static uint32_t find_options(const struct pcapng_watch *watch, uint32_t type)
{
    switch (type) {
    case SECTION:
        return SECTION_LEN;
    case INTERFACE:
        return INTERFACE_LEN;
    case STATISTICS:
        return STATISTICS_LEN;
    case PACKET:
        return read_u32(watch, watch->header + AT_CAPTURED) <= MAX_LEN
                   ? PACKET_LEN + (read_u32(watch, watch->header + AT_CAPTURED) + 3) / 4 * 4
                   : 0;
    case SECRETS:
        return watch->len - TRAILER_LEN; /* nothing in it is looked at */
    default:
        return 0;
    }
}

/* Learns byte order and length from the first octets of a block. */
static void begin_block(struct pcapng_watch *watch)
{
    uint32_t type, order;

    memcpy(&type, watch->header, sizeof type);
    if (type == SECTION) {
        memcpy(&order, watch->header + AT_BYTE_ORDER, sizeof order);
        watch->is_swapped = order == 0x4d3c2b1a;
        watch->is_odd = !watch->is_swapped && order != 0x1a2b3c4d;
    }
    watch->len = read_u32(watch, watch->header + AT_LEN);
    watch->is_odd = watch->is_odd || watch->len < MIN_LEN || watch->len % 4 != 0 || watch->len > MAX_LEN;
    watch->options_at = 0;
    watch->n_options = 0;
}

/* Takes what belongs to the options among the next octets of the block. */
static void keep_options(struct pcapng_watch *watch, const uint8_t *octets, size_t n)
{
    uint64_t begin = MAX(watch->at, watch->options_at), end = MIN(watch->at + n, (uint64_t)watch->len - TRAILER_LEN);

    if (end <= begin) {
        return;
    }
    if (watch->n_options + (end - begin) > WATCH_MAX_OPTIONS) {
        watch->is_odd = true;
        return;
    }
    memcpy(watch->options + watch->n_options, octets + (begin - watch->at), end - begin);
    watch->n_options += (uint32_t)(end - begin);
}

/* The value of an option, without its padding; NULL: the block does not have it. */
static const uint8_t *find_option(const struct pcapng_watch *watch, uint16_t wanted, uint16_t *len)
{
    for (uint32_t at = 0; watch->n_options - at >= 4; at += 4 + (*len + 3u) / 4 * 4) {
        *len = read_u16(watch, watch->options + at + 2);
        if (read_u16(watch, watch->options + at) == wanted) {
            return watch->options + at + 4;
        }
    }
    return NULL;
}

/* What Wireshark calls an interface. */
static void add_interface(struct pcapng_watch *watch)
{
    static const uint16_t names[] = { 2, 3, 15 }; /* name, description, hardware */
    struct watch_interface fresh = { .n_frames = 0 };
    const uint8_t *name = NULL;
    uint16_t len = 0;

    for (unsigned i = 0; i < G_N_ELEMENTS(names) && name == NULL && watch->n_sections <= 1; i++) {
        name = find_option(watch, names[i], &len);
    }
    watch->is_odd = watch->n_interfaces == WATCH_MAX_INTERFACES || len >= WATCH_NAME_LEN;
    if (!watch->is_odd) {
        if (name != NULL) {
            memcpy(fresh.name, name, len);
        }
        watch->interfaces[watch->n_interfaces++] = fresh;
    }
}

static void count_frame(struct pcapng_watch *watch)
{
    uint32_t number = read_u32(watch, watch->header + AT_INTERFACE);

    watch->is_odd = number >= watch->n_interfaces - watch->first_of_section;
    if (!watch->is_odd) {
        watch->interfaces[watch->first_of_section + number].n_frames++;
    }
}

static void end_block(struct pcapng_watch *watch)
{
    uint32_t type = read_u32(watch, watch->header);

    watch->is_odd = watch->is_odd || !has_plain_options(watch, type);
    if (!watch->is_odd && type == SECTION) {
        watch->n_sections++;
        watch->first_of_section = watch->n_interfaces;
    } else if (!watch->is_odd && type == INTERFACE) {
        add_interface(watch);
    } else if (!watch->is_odd && type == PACKET) {
        count_frame(watch);
    }
    watch->at = 0;
    watch->len = 0;
}

/* The octets of the header that a type has before its options, as many as are needed to find those. */
static uint32_t header_len_of(const struct pcapng_watch *watch)
{
    return read_u32(watch, watch->header) == PACKET ? PACKET_LEN : MIN_LEN;
}

/* Takes as many octets as belong to the header of the block. */
static size_t take_header(struct pcapng_watch *watch, const uint8_t *octets, size_t n, uint32_t header_len)
{
    size_t taken = MIN(n, header_len - (size_t)watch->at);

    memcpy(watch->header + watch->at, octets, taken);
    return taken;
}

void pcapng_watch(struct pcapng_watch *watch, const uint8_t *octets, size_t n)
{
    while (n > 0 && !watch->is_odd) {
        uint32_t header_len = watch->len == 0 ? MIN_LEN : MIN(header_len_of(watch), watch->len);
        size_t step =
            watch->at < header_len ? take_header(watch, octets, n, header_len) : MIN(n, watch->len - (size_t)watch->at);
        if (watch->len != 0 && watch->options_at != 0) {
            keep_options(watch, octets, step);
        }
        watch->at += step;
        octets += step;
        n -= step;
        if (watch->len == 0 && watch->at == MIN_LEN) {
            begin_block(watch);
            header_len = watch->is_odd ? 0 : MIN(header_len_of(watch), watch->len);
        }
        if (!watch->is_odd && watch->len != 0 && watch->options_at == 0 && watch->at >= header_len) {
            watch->options_at = find_options(watch, read_u32(watch, watch->header));
            watch->is_odd = watch->options_at == 0 || watch->options_at > watch->len - TRAILER_LEN;
        }
        if (!watch->is_odd && watch->len != 0 && watch->at == watch->len) {
            end_block(watch);
        }
    }
}
