/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The data messages of a pair, counted in runs and in bursts. */
#include "data_runs.h"

#include "address.h"
#include "message.h"
#include "stretches.h"
#include "times.h"

/* Chance of a run of Skype's to be constant: 2^-48 by its ids (copies of a mirror port are no more than two), 2^-21 by
 * its bits. */
enum { CALL_SHARE = 90, MAX_OTHERS_IN_A_ROW = 10, CONSTANT_IDS = 4, CONSTANT_BITS = 8 };
#define BURST_GAP_US (3 * SECOND_US)

/* ---- runs ---- */

bool skypefp_run_is_call(const struct data_run *run)
{
    return 100 * (uint64_t)run->n_data >= CALL_SHARE * ((uint64_t)run->n_data + run->n_other);
}

bool skypefp_run_is_constant(const struct data_run *run)
{
    for (unsigned side = 0; side < 2; side++) {
        if (run->n_ids[side] >= CONSTANT_IDS && !run->id_varies[side]) {
            return true;
        }
    }
    return run->n_data >= CONSTANT_BITS && !run->bits_vary;
}

/* What of a data message is random: its id and three bits. */
static void note_random(struct data_run *run, const skypefp_packet *packet, unsigned side)
{
    uint16_t id = read_be16(packet->data);
    uint8_t bits = packet->data[SKYPEFP_AT_FUNCTION] & 0x70;

    run->id[side] = run->n_ids[side] == 0 ? id : run->id[side];
    run->bits = run->n_data == 1 ? bits : run->bits;
    run->id_varies[side] = run->id_varies[side] || id != run->id[side];
    run->bits_vary = run->bits_vary || bits != run->bits;
    run->n_ids[side] = (uint8_t)MIN(run->n_ids[side] + 1, UINT8_MAX);
}

/* Whether a message at a time, not before the run's begin, continues it. A run that looks like a call ends when
 * others take over; one with few data messages lasts a minute at most, so that it does not carry a pair's openness
 * far. */
static bool continues(const struct data_run *run, int64_t time_us)
{
    bool may_last = skypefp_run_is_call(run) ? run->n_other_since < MAX_OTHERS_IN_A_ROW
                                             : elapsed_us(run->begin_us, time_us) < MINUTE_US;

    return time_us <= run->end_us || (elapsed_us(run->end_us, time_us) < MINUTE_US && may_last);
}

struct data_run *skypefp_pair_run_at(const struct pair *pair, int64_t time_us)
{
    unsigned i = last_before(pair->runs, sizeof(struct data_run), offsetof(struct data_run, begin_us), time_us);

    return pair->runs != NULL && i < pair->runs->len ? &g_array_index(pair->runs, struct data_run, i) : NULL;
}

static void add_to_runs(struct pair *pair, const skypefp_packet *packet, unsigned side)
{
    int64_t time_us = packet->time_us;
    uint32_t frame = packet->frame;

    if (pair->runs == NULL) {
        pair->runs = g_array_new(FALSE, FALSE, sizeof(struct data_run));
    }
    struct data_run *run = skypefp_pair_run_at(pair, time_us);
    if (run != NULL && continues(run, time_us)) {
        run->end_us = MAX(run->end_us, time_us);
        run->last_frame = frame;
        run->n_data++;
        run->n_other_since = 0;
        note_random(run, packet, side);
        return;
    }
    if (skypefp_pair_add_stretch(pair, pair->runs)) {
        g_array_remove_index(pair->runs, 0);
    }
    struct data_run fresh = {
        .begin_us = time_us, .end_us = time_us, .first_frame = frame, .last_frame = frame, .n_data = 1
    };
    note_random(&fresh, packet, side);
    unsigned i = last_before(pair->runs, sizeof fresh, offsetof(struct data_run, begin_us), time_us);
    unsigned place = i < pair->runs->len ? i + 1 : 0;
    g_array_insert_val(pair->runs, place, fresh);
}

void skypefp_pair_note_finding(struct pair *pair, int64_t time_us)
{
    struct data_run *run = skypefp_pair_run_at(pair, time_us);

    if (run != NULL) {
        run->n_findings++;
    }
}

void skypefp_pair_add_other(struct pair *pair, int64_t time_us)
{
    struct data_run *run = skypefp_pair_run_at(pair, time_us);

    if (run != NULL && elapsed_us(run->end_us, time_us) < MINUTE_US) {
        run->n_other++;
        run->n_other_since++;
    }
}

/* ---- bursts ---- */

static bool is_video_len(uint32_t len)
{
    return (len >= 400 && len <= 490) || (len >= 800 && len <= 980);
}

/* A burst that ends with fewer than the least number of messages gives its place to the next. */
static void add_to_bursts(struct pair *pair, const skypefp_packet *packet, unsigned side)
{
    if (pair->bursts == NULL) {
        pair->bursts = g_array_new(FALSE, TRUE, sizeof(skypefp_burst));
    }
    skypefp_burst *last =
        pair->bursts->len > 0 ? &g_array_index(pair->bursts, skypefp_burst, pair->bursts->len - 1) : NULL;
    int64_t gap_us = last != NULL ? elapsed_us(last->end_us, packet->time_us) : INT64_MAX;
    bool is_new = gap_us >= BURST_GAP_US || gap_us <= -BURST_GAP_US;

    if (is_new && (last == NULL || last->n[0] + last->n[1] >= SKYPEFP_MIN_BURST)) {
        if (skypefp_pair_add_stretch(pair, pair->bursts)) {
            g_array_remove_index(pair->bursts, 0);
        }
        g_array_set_size(pair->bursts, pair->bursts->len + 1);
        last = &g_array_index(pair->bursts, skypefp_burst, pair->bursts->len - 1);
    }
    if (is_new) {
        *last = (skypefp_burst){ .begin_us = packet->time_us, .end_us = packet->time_us, .first_frame = packet->frame };
    }
    last->begin_us = MIN(last->begin_us, packet->time_us);
    last->end_us = MAX(last->end_us, packet->time_us);
    last->last_frame = packet->frame;
    last->n[side]++;
    last->octets[side] += packet->wire_len;
    last->n_video[side] += is_video_len(packet->wire_len);
    pair->contact.bursts = (const skypefp_burst *)(const void *)pair->bursts->data;
    pair->contact.n_bursts = pair->bursts->len - (last->n[0] + last->n[1] < SKYPEFP_MIN_BURST);
}

/* ---- both ---- */

void skypefp_pair_add_data(struct pair *pair, const skypefp_packet *packet, unsigned side, bool counts_others)
{
    add_to_runs(pair, packet, side);
    if (!counts_others) {
        skypefp_pair_add_other(pair, packet->time_us);
    }
    if (pair->data == NULL) {
        pair->data = g_new0(skypefp_finding, 1);
        pair->data->transport = SKYPEFP_UDP;
        pair->data->function = SKYPEFP_FN_DATA;
        pair->data->contact = &pair->contact;
        pair->data->frame = packet->frame;
        pair->data->time_us = packet->time_us;
    }
    pair->data->last_frame = packet->frame;
    pair->data->n_packets++;
    if (packet->wire_len == SKYPEFP_KEEPALIVE_LEN) {
        pair->contact.n_keepalives[side]++;
    } else {
        pair->contact.n_data[side]++;
        add_to_bursts(pair, packet, side);
    }
}

const char *skypefp_burst_consistent_with(const skypefp_burst *burst, const char **source)
{
    uint32_t n = burst->n[0] + burst->n[1], n_video = burst->n_video[0] + burst->n_video[1];
    uint64_t less = MIN(burst->octets[0], burst->octets[1]), more = MAX(burst->octets[0], burst->octets[1]);
    enum { CALL_MIN = 95, VIDEO_SHARE = 10 };

    *source = "Adami et al. 2009, section 3.1";
    if (n <= CALL_MIN) {
        return "messages";
    }
    if (less == 0) {
        return "relayed call";
    }
    if (2 * less <= more) {
        return "file transfer";
    }
    if (n_video * 100 > n * VIDEO_SHARE) {
        *source = "Adami et al. 2009, section 3.1; Tstat";
        return "call with video";
    }
    return "call";
}
