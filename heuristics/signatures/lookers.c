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

/* Gives each octet that a signature looks for at the beginning of a stream its bit. */
static void class_openings(skypefp_tracker *tracker)
{
    const struct lookers *all = &tracker->lookers[LOOKER_STREAM];
    unsigned n = 0;

    for (unsigned i = 0; i < all->n; i++) {
        uint8_t opening = skypefp_signatures[all->rule[i]]->opening;
        if (opening != 0 && tracker->opening_class[opening] == 0 && n < MAX_OPENINGS) {
            tracker->opening_class[opening] = (uint8_t)(1u << n++);
        }
    }
}

/* Whether a signature looks at a stream the sides of which begin with octets of some classes. */
static bool looks_at(const skypefp_tracker *tracker, const struct signature *signature, unsigned openings)
{
    unsigned own = tracker->opening_class[signature->opening];

    return own == 0 || (own & openings) != 0;
}

/* Lists, for packets of either side, the lookers at streams that look at them. */
static void list_stream_lookers(skypefp_tracker *tracker, enum stream_side sender, unsigned openings)
{
    const struct lookers *all = &tracker->lookers[LOOKER_STREAM];
    struct lookers *lookers = &tracker->stream_lookers[sender][openings];

    for (unsigned i = 0; i < all->n; i++) {
        const struct signature *signature = skypefp_signatures[all->rule[i]];
        if ((sender == RESPONDER || !signature->of_responders) && looks_at(tracker, signature, openings)) {
            lookers->rule[lookers->n++] = all->rule[i];
        }
    }
}

void skypefp_lookers_list(skypefp_tracker *tracker)
{
    list_lookers(tracker, LOOKER_MESSAGE, offsetof(struct signature, observe_message));
    list_lookers(tracker, LOOKER_PORT, offsetof(struct signature, observe_port));
    list_lookers(tracker, LOOKER_KEEPALIVE, offsetof(struct signature, observe_keepalive));
    list_lookers(tracker, LOOKER_STREAM, offsetof(struct signature, observe_stream));
    class_openings(tracker);
    for (unsigned openings = 0; openings < 1 << MAX_OPENINGS; openings++) {
        list_stream_lookers(tracker, INITIATOR, openings);
        list_stream_lookers(tracker, RESPONDER, openings);
    }
    list_lookers(tracker, LOOKER_TALK, offsetof(struct signature, observe_talk));
}
