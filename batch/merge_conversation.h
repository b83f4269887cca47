/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Conversations with evidence of their own: what a TCP initiator sent. Their evidence does not add up over captures,
 * because its port has no owner. */
#ifndef BATCH_MERGE_CONVERSATION_H
#define BATCH_MERGE_CONVERSATION_H

#include "verdict.h"

#include <json-glib/json-glib.h>

struct merged_conversation {
    JsonObject *row; /* of its record */
    guint capture;   /* index of its record */
    enum skypefp_verdict verdict;
};

/* The conversations of capture records (see merge.c), which stay alive, that are at least possible: struct
 * merged_conversation, strongest first, then in the order of the captures. */
GArray *merge_conversations(GPtrArray *records);

#endif
