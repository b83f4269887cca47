/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts how often each rule could have fired, beside how often it did: the n of the calibration.
 *
 * For each rule two questions, in the unit that the rule looks at (a datagram, a direction of a TCP conversation):
 *   opportunity   whatever the octets say, could they have shown this rule here?
 *   chance        does everything hold but the last thing, whose chance the weight states?
 * Their answers are counted by sender and receiver, so that whoever reads the counts can sum over events, endpoints
 * or conversations. */
#ifndef SKYPEFP_TRIALS_H
#define SKYPEFP_TRIALS_H

#include "tracker.h"

struct trials;

/* The counts of one capture. */
struct trials *trials_new(void);
void trials_free(struct trials *trials);

/* Adds one to "kind rule sender receiver text"; the rule by its key, text may be empty. */
void trials_count(struct trials *trials, const char *kind, const char *rule, const char *sender, const char *receiver,
                  const char *text);

/* "192.0.2.1:53", "[2001:db8::1]:53"; free it with g_free(). */
char *trials_name(const skypefp_address *address);

/* UDP: before the fingerprints observe a datagram. */
struct udp_trials;
struct udp_trials *udp_trials_new(void);
void udp_trials_free(struct udp_trials *udp);
void udp_trials_before(struct udp_trials *udp, struct trials *trials, const skypefp_tracker *tracker,
                       const skypefp_packet *packet);
/* Whether an endpoint sent a datagram to one that had sent it one before. */
bool udp_trials_answered(const struct udp_trials *udp, const char *name);

/* TCP: after the fingerprints observed a segment, and when they stop looking at a conversation; all is counted at
 * the end. */
struct tcp_trials;
struct tcp_trials *tcp_trials_new(void);
void tcp_trials_free(struct tcp_trials *tcp);
void tcp_trials_look(struct tcp_trials *tcp, const skypefp_tracker *tracker, const struct stream *stream, bool of_talk);
void tcp_trials_finish(const struct tcp_trials *tcp, struct trials *trials, const skypefp_tracker *tracker,
                       const struct udp_trials *udp);

/* What the questions are, one line a rule: "what", key, unit, opportunity, chance, separated by tabs. */
void udp_trials_explain(GString *text);
void tcp_trials_explain(GString *text);

#endif
