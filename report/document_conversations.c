/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of a report on who talked to whom. */
#include "document_conversations.h"

#include "community_id.h"
#include "document_endpoints.h"
#include "members.h"

enum { MAX_BURSTS = 1000 }; /* listed of one contact */

/* Which conversations are listed: the strongest, if there are too many. */
struct room {
    unsigned left[SKYPEFP_N_VERDICTS];
};

static struct room make_room(const skypefp_summary *summary)
{
    struct room room = { { 0 } };
    unsigned left = REPORT_MAX_LISTED;

    for (unsigned i = 0; i < summary->n_conversations; i++) {
        room.left[summary->conversations[i].verdict]++;
    }
    for (int verdict = SKYPEFP_CERTAIN; verdict >= SKYPEFP_NONE; verdict--) {
        room.left[verdict] = MIN(room.left[verdict], left);
        left -= room.left[verdict];
    }
    return room;
}

/* Whether a conversation is listed; call it once for each, in order. */
static bool has_room(struct room *room, const skypefp_conversation_summary *sums)
{
    if (room->left[sums->verdict] == 0) {
        return false;
    }
    room->left[sums->verdict]--;
    return true;
}

static JsonObject *make_side(const skypefp_address *address, uint32_t n_packets, uint64_t n_octets)
{
    JsonObject *side = json_object_new();

    report_set_address(side, address);
    json_object_set_int_member(side, "packets", n_packets);
    json_object_set_int_member(side, "octets", (int64_t)MIN(n_octets, INT64_MAX));
    return side;
}

static JsonArray *make_rules(uint64_t rules)
{
    JsonArray *keys = json_array_new();

    for (unsigned i = 0; i < skypefp_n_rules(); i++) {
        if ((rules >> i % 64 & 1) != 0) {
            json_array_add_string_element(keys, skypefp_rule_at(i)->key);
        }
    }
    return keys;
}

/* When datagrams of a kind were marked, as text: 16 hexadecimal digits, a bit for each 64th of the conversation. */
static void set_parts(JsonObject *row, const char *key, uint64_t parts)
{
    report_take_string(row, key, g_strdup_printf("%016" G_GINT64_MODIFIER "x", parts));
}

/* Evidence that belongs to this conversation alone, of each side; absent: there is none. */
static void set_own_evidence(JsonObject *row, const skypefp_conversation_summary *sums)
{
    static const char *const keys[2] = { "source_evidence", "destination_evidence" };

    for (unsigned i = 0; i < 2; i++) {
        if (sums->side[i] != NULL) {
            json_object_set_array_member(row, keys[i], report_make_evidence(sums->side[i]));
        }
    }
}

static JsonObject *make_conversation(const skypefp_conversation_summary *sums)
{
    JsonObject *row = json_object_new();
    char id[REPORT_COMMUNITY_ID_SIZE];

    json_object_set_string_member(row, "transport", sums->transport == SKYPEFP_UDP ? "udp" : "tcp");
    json_object_set_object_member(row, "source", make_side(&sums->src, sums->n_packets[0], sums->n_octets[0]));
    json_object_set_object_member(row, "destination", make_side(&sums->dst, sums->n_packets[1], sums->n_octets[1]));
    json_object_set_string_member(row, "community_id",
                                  report_community_id(sums->transport, &sums->src, &sums->dst, id));
    json_object_set_string_member(row, "verdict", skypefp_verdict_name(sums->verdict));
    json_object_set_int_member(row, "bits", sums->bits);
    report_set_frame(row, "proof_frame", sums->proof);
    report_set_time(row, "proof_time", sums->proof_us);
    report_set_frame(row, "first_frame", sums->first_frame);
    report_set_frame(row, "last_frame", sums->last_frame);
    report_set_time(row, "first_time", sums->first_us);
    report_set_time(row, "last_time", sums->last_us);
    json_object_set_int_member(row, "marked", sums->n_marked);
    json_object_set_array_member(row, "rules", make_rules(sums->rules));
    if (sums->contact != NULL) {
        set_parts(row, "active", sums->active);
        set_parts(row, "data", sums->data);
    }
    report_set_string(row, "target", sums->target);
    set_own_evidence(row, sums);
    return row;
}

void report_add_conversations(JsonObject *document, const struct report_facts *facts)
{
    struct room room = make_room(facts->summary);
    JsonArray *rows = json_array_new();

    for (unsigned i = 0; i < facts->summary->n_conversations; i++) {
        if (has_room(&room, &facts->summary->conversations[i])) {
            json_array_add_object_element(rows, make_conversation(&facts->summary->conversations[i]));
        }
    }
    json_object_set_array_member(document, "conversations", rows);
}

static JsonObject *make_burst(const skypefp_burst *burst)
{
    JsonObject *row = json_object_new();
    const char *source = NULL;

    report_set_time(row, "begin_time", burst->begin_us);
    report_set_time(row, "end_time", burst->end_us);
    report_set_frame(row, "first_frame", burst->first_frame);
    report_set_frame(row, "last_frame", burst->last_frame);
    json_object_set_int_member(row, "packets_a", burst->n[0]);
    json_object_set_int_member(row, "packets_b", burst->n[1]);
    json_object_set_int_member(row, "octets_a", (int64_t)MIN(burst->octets[0], INT64_MAX));
    json_object_set_int_member(row, "octets_b", (int64_t)MIN(burst->octets[1], INT64_MAX));
    report_set_string(row, "consistent_with", skypefp_burst_consistent_with(burst, &source));
    report_set_string(row, "source", source);
    return row;
}

/* A side of a contact. */
static JsonObject *make_contact_side(const skypefp_contact *contact, unsigned i)
{
    JsonObject *side = make_side(i == 0 ? &contact->a : &contact->b, contact->n_datagrams[i], contact->n_octets[i]);

    json_object_set_int_member(side, "keepalives", contact->n_keepalives[i]);
    json_object_set_int_member(side, "data", contact->n_data[i]);
    return side;
}

static JsonObject *make_contact(const skypefp_contact *contact, enum skypefp_verdict verdict)
{
    JsonObject *row = json_object_new();
    JsonArray *bursts = json_array_new();

    for (unsigned i = 0; i < MIN(contact->n_bursts, MAX_BURSTS); i++) {
        json_array_add_object_element(bursts, make_burst(&contact->bursts[i]));
    }
    json_object_set_object_member(row, "a", make_contact_side(contact, 0));
    json_object_set_object_member(row, "b", make_contact_side(contact, 1));
    json_object_set_string_member(row, "verdict", skypefp_verdict_name(verdict));
    report_set_frame(row, "first_frame", contact->first_frame);
    report_set_frame(row, "last_frame", contact->last_frame);
    report_set_time(row, "first_time", contact->first_us);
    report_set_time(row, "last_time", contact->last_us);
    json_object_set_int_member(row, "keepalive_interval_us", contact->keepalive_interval_us);
    json_object_set_int_member(row, "longest_gap_us", contact->longest_gap_us);
    json_object_set_array_member(row, "bursts", bursts);
    json_object_set_int_member(row, "unlisted_bursts", contact->n_bursts - MIN(contact->n_bursts, MAX_BURSTS));
    return row;
}

void report_add_contacts(JsonObject *document, const struct report_facts *facts)
{
    struct room room = make_room(facts->summary);
    JsonArray *rows = json_array_new();

    for (unsigned i = 0; i < facts->summary->n_conversations; i++) {
        const skypefp_conversation_summary *sums = &facts->summary->conversations[i];
        if (has_room(&room, sums) && sums->contact != NULL) {
            json_array_add_object_element(rows, make_contact(sums->contact, sums->verdict));
        }
    }
    json_object_set_array_member(document, "contacts", rows);
}
