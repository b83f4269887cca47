/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of groups, and of what a weight depends on. */
#include "rules.h"

static const struct {
    const char *key, *title;
} groups[SKYPEFP_N_GROUPS] = {
    [SKYPEFP_GROUP_HEADER] = { "header", "Ids and CRCs that return or count" },
    [SKYPEFP_GROUP_ADDRESS] = { "address", "The asker's address in the answer" },
    [SKYPEFP_GROUP_CHAIN] = { "chain", "Resends after a NAK, and fragments" },
    [SKYPEFP_GROUP_GENERATOR] = { "generator", "The generator of IVs and seeds" },
    [SKYPEFP_GROUP_FACADE] = { "facade", "The fake HTTP server" },
    [SKYPEFP_GROUP_PADDING] = { "padding", "Keystream and padding of TCP messages" },
    [SKYPEFP_GROUP_TLS] = { "tls", "Fake TLS and login" },
    [SKYPEFP_GROUP_PORT] = { "port", "One port on UDP and TCP" },
    [SKYPEFP_GROUP_PEER] = { "peer", "Association with a certain endpoint" },
    [SKYPEFP_GROUP_RHYTHM] = { "rhythm", "Clocks of keep-alives" },
    [SKYPEFP_GROUP_TALK] = { "talk", "Lengths of messages on TCP" },
    [SKYPEFP_GROUP_HOST] = { "host", "The host runs Skype" },
    [SKYPEFP_GROUP_PSTN] = { "pstn", "Calls to telephones" },
    [SKYPEFP_GROUP_PRESENCE] = { "presence", "Hosts with Skype software" },
};

const char *skypefp_group_key(enum skypefp_group group)
{
    return groups[group].key;
}

const char *skypefp_group_title(enum skypefp_group group)
{
    return groups[group].title;
}

const char *skypefp_basis_name(enum skypefp_basis basis)
{
    static const char *const names[] = { "theory", "measured", "convention", "no bits" };

    return names[basis];
}
