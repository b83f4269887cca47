/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which signatures look at what. */
#include "lookers.h"

#include "record.h"

/* Lists the signatures that have a callback at an offset of their record. */
static void list_lookers(skypefp_tracker *tracker, enum looker looker, size_t at)
{
    struct lookers *lookers = &tracker->lookers[looker];

    for (unsigned i = 0; i < skypefp_n_rules(); i++) {
        void (*callback)(void);
        memcpy(&callback, (const char *)skypefp_signatures[i] + at, sizeof callback);
        if (callback != NULL && lookers->n < MAX_LOOKERS &&
            tracker_allows(tracker, skypefp_signatures[i]->rule.group)) {
            lookers->rule[lookers->n++] = (uint8_t)i;
        }
    }
}

void skypefp_lookers_list(skypefp_tracker *tracker)
{
    list_lookers(tracker, LOOKER_MESSAGE, offsetof(struct signature, observe_message));
    list_lookers(tracker, LOOKER_PORT, offsetof(struct signature, observe_port));
    list_lookers(tracker, LOOKER_KEEPALIVE, offsetof(struct signature, observe_keepalive));
    list_lookers(tracker, LOOKER_STREAM, offsetof(struct signature, observe_stream));
    list_lookers(tracker, LOOKER_TALK, offsetof(struct signature, observe_talk));
}
