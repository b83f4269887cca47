/* SPDX-License-Identifier: GPL-2.0-or-later */
/* host.proven: the host of a conversation's initiator runs Skype, as a certain UDP endpoint or another conversation
 * of it shows.
 *
 * It looks at no octets: judging a packet adds the bits (memory/association.c), because the host may be proven long
 * after the conversation. They count beside other evidence alone, and what is marked by them proves no host. Weight:
 * of 512 TCP conversations of the clients of 21 captures 187 are Skype's, which is -1.5 bits instead of the prior of
 * -13; in the worst capture 4 % are, so 8. */
#include "signature.h"

const struct signature skypefp_signature_host_proven = {
    .rule = {
        .key = "host.proven",
        .group = SKYPEFP_GROUP_HOST,
        .bits = SKYPEFP_HOST_BITS,
        .basis = SKYPEFP_BASIS_CONVENTION,
        .reason = "at least 4 % of the conversations of a client are Skype's, 8 bits more than the prior says",
        .sentence = "The host of the initiator runs Skype",
        .source = "512 conversations of 21 captures",
    },
};
