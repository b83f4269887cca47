/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The conversation filter "Skype endpoint". */
#include "endpoint_filter.h"

#include "fields.h"

#include <epan/conversation_filter.h>
#include <epan/proto_data.h>

void skypefp_endpoint_filter_note(packet_info *pinfo, char *endpoint)
{
    p_add_proto_data(pinfo->pool, pinfo, skypefp_proto, 0, endpoint);
}

static const char *find_endpoint(packet_info *pinfo)
{
    return p_get_proto_data(pinfo->pool, pinfo, skypefp_proto, 0);
}

static ws_bool is_valid(packet_info *pinfo CONVERSATION_FILTER_USER_DATA)
{
    return find_endpoint(pinfo) != NULL;
}

static char *build_filter(packet_info *pinfo CONVERSATION_FILTER_USER_DATA)
{
    return g_strdup_printf("skypefp.endpoint == \"%s\"", find_endpoint(pinfo));
}

void skypefp_endpoint_filter_register(void)
{
    REGISTER_CONVERSATION_FILTER("skypefp", "Skype endpoint", is_valid, build_filter);
}
