/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fingerprints' public interface: packets go in, evidence and verdicts come out.
 *
 * Layer: the lowest. It needs GLib and nothing else, does no I/O and reads no clock; any caller that can hand over
 * payloads in capture order (a dissector, a fuzzer, another capture tool) can link it.
 *
 * Invariants:
 *  - Every packet is observed once, in capture order. Frame numbers start at 1; 0 means "no frame".
 *  - What was found is stored in the tracker and read from there; asking twice changes nothing.
 *  - An endpoint is one tenancy: one owner's time on an address and port. It ends after an hour without evidence or
 *    a checked message (a listening TCP port: a day); what comes later belongs to another endpoint on the same
 *    address and port.
 *  - Evidence is never taken back, and an endpoint's verdict never falls, with one exception: an association is lost
 *    if the asker became certain only after the answer and is then evicted. The mark of a datagram may fall when a
 *    later one shows that it is not its port's own.
 *  - State is bounded by the limits in skypefp_config and dropped oldest first.
 */
#ifndef SKYPEFP_H
#define SKYPEFP_H

#include "rules.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- what goes in ---- */

enum skypefp_transport { SKYPEFP_UDP, SKYPEFP_TCP };

/* TCP header flags, as on the wire. */
enum { SKYPEFP_FIN = 0x01, SKYPEFP_SYN = 0x02, SKYPEFP_RST = 0x04, SKYPEFP_ACK = 0x10 };

enum { SKYPEFP_IPV4_LEN = 4, SKYPEFP_IPV6_LEN = 16 };

/* An address and port. The octets (network order) are borrowed for the call. */
typedef struct skypefp_address {
    const uint8_t *bytes;
    uint8_t len;    /* SKYPEFP_IPV4_LEN or SKYPEFP_IPV6_LEN; anything else is not observed */
    uint16_t port;  /* host order */
    uint32_t scope; /* distinguishes equal private addresses; set by the tracker, 0 in a packet */
} skypefp_address;

/* One datagram or segment. Everything is borrowed for the call. */
typedef struct skypefp_packet {
    uint32_t frame; /* number in the capture, from 1, never falling */
    enum skypefp_transport transport;
    int64_t time_us; /* capture time in microseconds; may run backwards */
    skypefp_address src;
    skypefp_address dst;
    const uint8_t *data; /* the payload; NULL when len is 0 */
    uint32_t len;        /* captured octets of the payload */
    uint32_t wire_len;   /* octets of the payload on the wire, >= len */
    uint32_t scope;      /* where it was seen: the VLAN id of the first 802.1Q tag (0: untagged), and from bit 16 on how
                            many IP headers enclose the one with these addresses */
    uint32_t tcp_seq;    /* TCP: raw sequence number of the segment */
    uint32_t tcp_ack;    /* TCP: raw acknowledgment number, with SKYPEFP_ACK */
    uint8_t tcp_flags;   /* TCP: SKYPEFP_FIN, … */
} skypefp_packet;

/* ---- rules: what one is, see rules.h ---- */

/* The rules in a fixed order; NULL from index skypefp_n_rules() on. */
unsigned skypefp_n_rules(void);
const skypefp_rule *skypefp_rule_at(unsigned index);

/* ---- what comes out ---- */

enum skypefp_verdict {
    SKYPEFP_NONE,
    SKYPEFP_POSSIBLE, /* net sum >= 3 bits */
    SKYPEFP_LIKELY,   /* >= 10 */
    SKYPEFP_CERTAIN   /* >= 20 */
};

/* The names "none", "possible", "likely", "certain". */
const char *skypefp_verdict_name(enum skypefp_verdict verdict);

/* One rule that fired. */
typedef struct skypefp_evidence {
    struct skypefp_evidence *next;
    uint32_t frame;         /* the packet that shows it */
    uint32_t related_frame; /* the other frame of the proof; 0: none */
    uint32_t detail;        /* SKYPEFP_GROUP_GENERATOR: steps of the generator; rules that count: ticks, messages or
                             * datagrams so far; otherwise 0 */
    uint16_t offset;        /* the octets of that packet's payload it looked at */
    uint16_t length;
    uint8_t rule; /* index for skypefp_rule_at() */
    uint8_t bits;
    bool of_dst; /* evidence of the finding's dst; otherwise of its src */
} skypefp_evidence;

/* An endpoint: one owner's time on an address and port, UDP and TCP together; or one side of one TCP conversation,
 * when that side began it, because its port is ephemeral. Opaque; valid as long as the tracker. */
typedef struct skypefp_endpoint skypefp_endpoint;

/* Two endpoints that exchange datagrams, see contact.h. */
typedef struct skypefp_contact skypefp_contact;

/* Whether a message agrees with what is known of its sender. */
enum skypefp_check {
    SKYPEFP_UNCHECKED, /* nothing to compare it with */
    SKYPEFP_CHECKED,   /* it agrees */
    SKYPEFP_MISFIT,    /* a payload or fragment whose IV none of the port's other payloads within an hour leads to */
    SKYPEFP_FOREIGN    /* a payload with the id of another one of its pair, and another CRC or the same IV */
};

/* What was found in one datagram, or in one TCP conversation. Owned by the tracker. Data messages of UDP share one
 * finding for each pair of endpoints: it has no evidence, and no endpoints. */
typedef struct skypefp_finding {
    struct skypefp_finding *next_in_frame; /* UDP: several messages in one frame (tunnels) */
    struct skypefp_finding *newer;         /* UDP: the tracker's own chain, oldest first */
    skypefp_endpoint *src; /* UDP: the sender; TCP: the initiator. NULL: data, or a conversation without evidence */
    skypefp_endpoint *dst; /* UDP: the receiver; TCP: the responder. NULL with src */
    const skypefp_contact *contact; /* UDP: the pair it was sent in; NULL for TCP */
    skypefp_evidence *evidence;     /* in the order of discovery; NULL: none */
    int64_t time_us;
    int64_t response_time_us; /* replies: since the request; meaningful with request_in */
    uint32_t frame;           /* TCP: the first one */
    uint32_t digest;          /* UDP: distinguishes the messages of one frame */
    uint32_t request_in;      /* reply, fragment, resend: frame of the request, or 0 */
    uint32_t reply_in;        /* request, resend: frame of its first reply, or 0 */
    uint32_t nak_in;          /* resend: frame of the NAK that asked for it, or 0 */
    uint32_t resend_in;       /* request, NAK: frame of the resend, or 0 */
    enum skypefp_transport transport;
    uint8_t function; /* UDP: enum skypefp_function */
    uint8_t check;    /* UDP: enum skypefp_check */
    uint8_t near_miss_rule;
    const char *probe;     /* TCP: name of a known scanner's probe that the initiator sent, or NULL */
    const char *unjudged;  /* TCP: why the conversation could not be judged, or NULL */
    const char *near_miss; /* the first condition of near_miss_rule that failed, or NULL; with config.near_misses */
    uint32_t copy_of, copy_digest; /* UDP: frame and digest of the datagram whose IV this one repeats; 0: none */
    const char *target;            /* TCP: whom a proxy connects the initiator to, "203.0.113.7:443"; NULL: no proxy */
    uint32_t last_frame;           /* of it; UDP: its frame */
    uint32_t n_packets;            /* TCP: segments with payload, a FIN or an RST; UDP: 1; data: all of the contact's */
    int64_t last_us;               /* time of last_frame */
    uint32_t n_sent[2];            /* TCP: of n_packets; [0]: by the initiator */
    uint64_t n_octets[2];          /* of payload on the wire, retransmissions included; UDP: [0] */
} skypefp_finding;

/* The frames that begin and end a TCP conversation, as far as they were seen: the SYN and the first FIN or RST of
 * each side. The signatures depend on them, though they may carry no payload. The number of frames; a finding of UDP
 * has none. */
enum { SKYPEFP_MAX_ENDS = 4 };
unsigned skypefp_conversation_ends(const skypefp_finding *finding, uint32_t frames[SKYPEFP_MAX_ENDS]);

/* One packet's view of a finding. */
typedef struct skypefp_sighting {
    const skypefp_finding *finding;
    int64_t time_us;
    uint32_t frame;
    uint8_t function; /* UDP: enum skypefp_function */
    bool from_dst;    /* TCP: the packet's sender is the finding's dst, the responder; data: the contact's b */
} skypefp_sighting;

/* The verdict on a packet, and why. */
typedef struct skypefp_judgement {
    enum skypefp_verdict verdict;
    int bits;                         /* net sum of the endpoint's evidence, prior included */
    const skypefp_endpoint *endpoint; /* whose verdict it is; NULL when the verdict is none */
    uint32_t proof;                   /* frame that made the endpoint what it is; 0: none */
    bool inherited;                   /* the packet is not evidence itself */
    bool associated;                  /* the sum contains endpoint.peer */
    bool on_proven_host;              /* the sum contains host.proven */
    const char *unjudged;             /* TCP: finding.unjudged, when an end is suspected; otherwise NULL */
    const char *reason; /* why a message of Skype's shape is not marked though an end is proven; NULL: marked, or no
                           end is. With config.near_misses */
} skypefp_judgement;

/* A host that asked for something of Skype's: software is there, nothing more. */
typedef struct skypefp_host {
    uint8_t bytes[SKYPEFP_IPV6_LEN];
    uint8_t len;
    uint8_t rule;   /* index for skypefp_rule_at(): host.update_check, host.presence */
    uint32_t frame; /* of its first request */
} skypefp_host;

/* ---- the tracker: the memory of one capture ---- */

typedef struct skypefp_config {
    uint32_t max_endpoints; /* endpoints remembered at a time */
    uint32_t max_requests;  /* requests waiting for an answer */
    uint32_t max_streams;   /* TCP conversations watched at a time */
    uint32_t
        max_findings; /* datagrams with findings kept for the later passes; and a tenth as many TCP conversations */
    uint32_t disabled_groups; /* a bit for each enum skypefp_group whose rules do not look */
    bool near_misses;         /* note the first condition that failed where a rule narrowly did not fire */
    uint64_t hash_seed;       /* any number; a random one keeps hostile captures from aiming at the tables */
} skypefp_config;

/* What the limits have cost so far: how many entries were dropped, oldest first. */
typedef struct skypefp_dropped {
    uint64_t endpoints;
    uint64_t requests;
    uint64_t streams;
    uint64_t findings; /* and times of pairs in which datagrams would be marked, or would be listed as a burst */
} skypefp_dropped;

typedef struct skypefp_tracker skypefp_tracker;

/* Sensible limits: 65,536 endpoints and requests, 32,768 streams, 1,000,000 findings. */
skypefp_config skypefp_default_config(void);

/* A new tracker; free it with skypefp_tracker_free(). A limit of 0 counts as 1. */
skypefp_tracker *skypefp_tracker_new(const skypefp_config *config);
void skypefp_tracker_free(skypefp_tracker *tracker);

/* The packet with the scopes of its addresses, which follow from its VLAN and tunnels; those of endpoints are the
 * same. Its own scope is 0 then. */
skypefp_packet skypefp_resolve(const skypefp_tracker *tracker, const skypefp_packet *packet);

/* Observes one packet; true, and the sighting, when there is a finding for it. Cheap for packets that do not look
 * like Skype's: a few octets are compared and one table is touched. Hostile input is fine; without two IPv4 or two
 * IPv6 addresses the packet is not observed. */
bool skypefp_observe(skypefp_tracker *tracker, const skypefp_packet *packet, skypefp_sighting *sighting);

/* The sighting of a packet that was observed before; false when there is none. Changes nothing. */
bool skypefp_find(const skypefp_tracker *tracker, const skypefp_packet *packet, skypefp_sighting *sighting);

/* The verdict on a packet, by all that is known at the time of the call: the stronger one of its two endpoints, the
 * sender's when they are equal. A datagram that is not evidence itself is marked in an open pair only (contact.h).
 * False, and a verdict of none, when it is not marked at all. */
bool skypefp_judge(const skypefp_tracker *tracker, const skypefp_sighting *sighting, skypefp_judgement *judgement);

/* Hosts with Skype software, in the order they were seen; *n: how many. Owned by the tracker. */
const skypefp_host *skypefp_tracker_hosts(const skypefp_tracker *tracker, unsigned *n);

skypefp_dropped skypefp_tracker_dropped(const skypefp_tracker *tracker);

/* ---- endpoints ---- */

/* The endpoint's address, borrowed from it. */
skypefp_address skypefp_endpoint_address(const skypefp_endpoint *endpoint);

/* The tracker's endpoint for an address, or NULL. */
const skypefp_endpoint *skypefp_endpoint_find(const skypefp_tracker *tracker, const skypefp_address *address);

enum { SKYPEFP_PROOF_OCTETS = 64 };

/* The first evidence of a rule on an endpoint, with the octets that show it. */
typedef struct skypefp_proof {
    int64_t time_us; /* when it was found */
    uint32_t frame;
    uint32_t related_frame; /* the other frame of the proof; 0: none */
    uint32_t detail;        /* as in skypefp_evidence */
    uint32_t offset; /* of octets[0]: in the datagram; in the octets that this side sent on TCP; in the segment, when
                        the rule looks at later ones */
    uint8_t n;       /* of octets; 0: they were gone when the evidence was found, which is then in an earlier frame */
    uint8_t begin, length; /* which of them prove it; with length 0 the octets as a whole */
    uint8_t octets[];
} skypefp_proof;

/* All evidence of one rule on one endpoint. */
typedef struct skypefp_tally {
    uint32_t hits; /* packets it fired on */
    uint32_t first_frame;
    uint16_t total_bits; /* of all hits, held at SKYPEFP_MAX_BITS */
    uint8_t best_bits;
    uint8_t rule;         /* index for skypefp_rule_at() */
    skypefp_proof *proof; /* owned by the endpoint */
} skypefp_tally;

/* An endpoint's own evidence by rule, in the order of discovery; *n: how many. Owned by the endpoint. */
const skypefp_tally *skypefp_endpoint_tallies(const skypefp_endpoint *endpoint, unsigned *n);

/* What each group gives an endpoint, in bits, by its own evidence. */
void skypefp_endpoint_groups(const skypefp_endpoint *endpoint, int bits[SKYPEFP_N_GROUPS]);

/* Its public address behind NAT, as answerers agree, in host order; 0: unknown. */
uint32_t skypefp_endpoint_public_ipv4(const skypefp_endpoint *endpoint);

/* Why a rule of UDP could not be tested on an endpoint: "requests only; echo cannot be tested", or NULL. */
const char *skypefp_endpoint_one_way(const skypefp_endpoint *endpoint);

/* The host that an endpoint belongs to, one tenancy of it, as an endpoint at port 0; NULL: nothing is known of it. */
const skypefp_endpoint *skypefp_endpoint_host(const skypefp_endpoint *endpoint);

/* Whether the endpoint is the initiator of one TCP conversation, whose evidence belongs to that conversation alone. */
bool skypefp_endpoint_is_initiator(const skypefp_endpoint *endpoint);

/* Times of the first and last evidence or checked message of an endpoint, in microseconds; false: there is none. */
bool skypefp_endpoint_times(const skypefp_endpoint *endpoint, int64_t *first_us, int64_t *last_us);

/* Verdict of an endpoint by all of its evidence, association and host included; *bits may be NULL. */
enum skypefp_verdict skypefp_endpoint_verdict(const skypefp_tracker *tracker, const skypefp_endpoint *endpoint,
                                              int *bits);

#endif
