/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a rule is: its group, its weight and where that comes from, what it says, the octets it looks at. A part of the
 * public interface: skypefp.h includes it. */
#ifndef SKYPEFP_RULES_H
#define SKYPEFP_RULES_H

#include <stdint.h>

/* Correlation groups: within one the strongest evidence counts, groups add up; but rhythm and talk see the same times
 * and lengths, and nothing else: together they give SKYPEFP_TALK_BITS at most. */
enum skypefp_group {
    SKYPEFP_GROUP_HEADER, /* ids and CRCs in the clear: a protocol with an id, a type and constants may show all */
    SKYPEFP_GROUP_ADDRESS,
    SKYPEFP_GROUP_CHAIN,
    SKYPEFP_GROUP_GENERATOR, /* the one group whose evidence adds up, to SKYPEFP_GENERATOR_BITS */
    SKYPEFP_GROUP_FACADE,
    SKYPEFP_GROUP_PADDING,
    SKYPEFP_GROUP_TLS,
    SKYPEFP_GROUP_PORT,
    SKYPEFP_GROUP_PEER,     /* endpoint.peer, which verdict.c adds */
    SKYPEFP_GROUP_RHYTHM,   /* clocks of keep-alives */
    SKYPEFP_GROUP_TALK,     /* the lengths of messages on TCP */
    SKYPEFP_GROUP_HOST,     /* host.proven, which judging adds */
    SKYPEFP_GROUP_PSTN,     /* calls to telephones */
    SKYPEFP_GROUP_PRESENCE, /* says something of a host, never of an endpoint */
    SKYPEFP_N_GROUPS
};

/* Key and title of a group: "generator", "The generator of IVs and seeds". */
const char *skypefp_group_key(enum skypefp_group group);
const char *skypefp_group_title(enum skypefp_group group);

enum {
    SKYPEFP_PRIOR_BITS = -13,    /* one port in ten thousand */
    SKYPEFP_GENERATOR_BITS = 40, /* what generator evidence can add up to */
    SKYPEFP_TALK_BITS = 22,      /* what talk can add the rhythm's bits up to: possible, and no more */
    SKYPEFP_MAX_BITS = 64,       /* what one group can give */
    SKYPEFP_PEER_BITS = 23,      /* endpoint.peer, see verdict.h */
    SKYPEFP_HOST_BITS = 8        /* host.proven, see verdict.h */
};

/* What the octets are that a rule looked at, for showing them. */
enum skypefp_part_kind {
    SKYPEFP_PART_SEED, /* a number of the sender's generator */
    SKYPEFP_PART_ONE,  /* two parts under one keystream; keystream.h cancels it */
    SKYPEFP_PART_TWO,
    SKYPEFP_PART_PADDING, /* plaintext padding */
    SKYPEFP_N_PART_KINDS
};

typedef struct skypefp_part {
    enum skypefp_part_kind kind;
    uint16_t offset; /* from the first octet of the evidence */
    uint16_t length; /* 0: to the end of the evidence */
} skypefp_part;

/* What a weight depends on. */
enum skypefp_basis {
    SKYPEFP_BASIS_THEORY,     /* computed from a chance: theory_bits */
    SKYPEFP_BASIS_MEASURED,   /* counted on captures; tests/accuracy/accuracy compares the weight with the count */
    SKYPEFP_BASIS_CONVENTION, /* neither can be had */
    SKYPEFP_BASIS_NONE        /* no bits, so no reason for them */
};

/* The names "theory", "measured", "convention", "no bits". */
const char *skypefp_basis_name(enum skypefp_basis basis);

typedef struct skypefp_rule {
    const char *key; /* "udp.echo": the same in filters, goldens, reports and documentation */
    enum skypefp_group group;
    uint8_t bits; /* weight, or the largest one where it is computed */
    enum skypefp_basis basis;
    uint16_t theory_bits; /* SKYPEFP_BASIS_THEORY: what the chance gives, uncapped: bits is at most this; otherwise 0 */
    const char *reason;   /* the chance, or why there is only a count or a convention */
    const char *sentence; /* what it says, for people */
    const char *source;   /* where the fact comes from */
    const char *face;     /* TCP: what the conversation pretends or is: "http", "tls", …; NULL: says nothing */
    const char *conversation;  /* with face: what such a conversation is called on screen: "Fake HTTP server" */
    const skypefp_part *parts; /* of the octets it looks at, when one packet holds all of them; n_parts of them */
    unsigned n_parts;
} skypefp_rule;

#endif
