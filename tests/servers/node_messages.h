/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bytes of a peer-to-peer Skype node's messages, as outsiders have described them: no I/O, no encryption.
 *
 * Every builder writes into the caller's array, which must hold NODE_MESSAGE_MAX bytes, and returns how many bytes
 * it wrote. What a real node encrypts is random here; what gives a real node away (the generator, the padding, the
 * constants) is exact. */
#ifndef NODE_MESSAGES_H
#define NODE_MESSAGES_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

enum {
    NODE_MESSAGE_MAX = 1024,
    NODE_PAYLOAD_MIN = 18,    /* fn 2: id(2) 02 IV(4) CRC(4), 7 bytes of ciphertext */
    NODE_RESEND_MORE = 5,     /* a resend is this much longer than its request */
    NODE_REPLY_LEN = 11,      /* fn 5 and 7 */
    NODE_KEEPALIVE_LEN = 3,   /* fn D: nothing but an id and the function */
    NODE_BARE_FIRST_LEN = 14, /* version 1.x: the first answer on TCP ... */
    NODE_BARE_SECOND_LEN = 4, /* ... and the second */
    NODE_FAKE_HELLO_CONSTANT_LEN = 56,
    NODE_FAKE_HELLO_LEN = 72,
};

enum node_function { NODE_PAYLOAD = 2, NODE_RESEND = 3, NODE_ACK = 5, NODE_NAK = 7, NODE_DATA = 0xd };

/* What one node draws its numbers from; UDP and TCP share all of it. */
struct node_numbers {
    GRand *random; /* ciphertext and everything else that means nothing; owned */
    uint32_t iv;   /* last value of the generator of UDP IVs and TCP seeds */
    uint16_t id;   /* last message id, counts up over all peers */
};

/* The same seed gives the same messages in the same order. Free with node_numbers_clear. */
void node_numbers_init(struct node_numbers *numbers, uint32_t seed);
void node_numbers_clear(struct node_numbers *numbers);

/* Draws the next message id. */
uint16_t node_next_id(struct node_numbers *numbers);

/* UDP, fn 2: a request with the given id and CRC and a new IV and ciphertext. */
size_t node_build_payload(struct node_numbers *numbers, uint16_t id, uint32_t crc, size_t ciphertext_len, uint8_t *out);

/* UDP, fn 5 or 7: the answer to a request, with the asker's address in network order. */
size_t node_build_reply(struct node_numbers *numbers, enum node_function function, const uint8_t request[2],
                        const uint8_t asker[4], uint8_t *out);

/* UDP, fn 3: the second try of a request (request_len bytes) that a NAK has refused, sent to a destination in
 * network order. */
size_t node_build_resend(struct node_numbers *numbers, const uint8_t *request, size_t request_len,
                         const uint8_t nak[NODE_REPLY_LEN], const uint8_t destination[4], uint8_t *out);

/* UDP, fn D: data of so many octets on a proven path, 3 for a keep-alive; the id is random. */
size_t node_build_data(struct node_numbers *numbers, size_t len, uint8_t *out);

/* TCP: a first message whose bytes 4..13 and 14..23 reuse one keystream; len is 24 or more. */
size_t node_build_seed_reuse(struct node_numbers *numbers, size_t len, uint8_t *out);

/* TCP: 48 opaque bytes, then plaintext padding to the end; len is 48 or more. */
size_t node_build_padding_run(struct node_numbers *numbers, size_t len, uint8_t *out);

/* TCP, version 1.x: the 14 bytes of a first answer, and the 4 bytes that follow it on the same connection. */
size_t node_build_bare_first(struct node_numbers *numbers, uint8_t *out);
size_t node_build_bare_second(struct node_numbers *numbers, const uint8_t first[NODE_BARE_FIRST_LEN], uint8_t *out);

/* TCP: the client's fake TLS hello and the server's constant one. */
size_t node_build_fake_client_hello(struct node_numbers *numbers, uint8_t *out);
size_t node_build_fake_server_hello(uint8_t *out);

/* TCP: opaque bytes, the later messages of a connection. */
size_t node_build_opaque(struct node_numbers *numbers, size_t len, uint8_t *out);

/* The constant beginning of the client's fake hello. */
extern const uint8_t node_fake_hello_constant[NODE_FAKE_HELLO_CONSTANT_LEN];

#endif
