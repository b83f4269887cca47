/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of a summary that stand for conversations, while a tracker's findings are added up. */
#ifndef SKYPEFP_CONVERSATION_ROWS_H
#define SKYPEFP_CONVERSATION_ROWS_H

#include "endpoint_rows.h"

struct conversation_rows {
    enum skypefp_verdict threshold;
    struct endpoint_rows *ends;
    GArray *conversations;   /* skypefp_conversation_summary */
    GHashTable *contact_row; /* skypefp_contact -> row of conversations + 1 */
    /* Packets by verdict and marked datagrams by function, as in skypefp_summary. */
    uint32_t packets[SKYPEFP_N_VERDICTS], functions[SKYPEFP_N_FUNCTIONS];
};

/* ends is borrowed until the rows are finished. */
struct conversation_rows skypefp_conversation_rows_begin(enum skypefp_verdict threshold, struct endpoint_rows *ends);

/* Returns the rows, skypefp_conversation_summary in the order of a summary, and frees the rest. The caller frees
 * them. */
GArray *skypefp_conversation_rows_finish(struct conversation_rows *rows);

/* The row of a UDP contact, begun when it is met for the first time, together with its data; until the next is
 * begun. */
skypefp_conversation_summary *skypefp_rows_find_contact(struct conversation_rows *rows, const skypefp_contact *contact);

/* A finding with its judgement: the conversation that it belongs to, or begins. */
void skypefp_rows_add_conversation(struct conversation_rows *rows, const skypefp_finding *finding,
                                   const skypefp_judgement *judgement);

#endif
