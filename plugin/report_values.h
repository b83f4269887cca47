/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Members of the report's objects: a key, and a value of each kind that the report has. */
#ifndef SKYPEFP_REPORT_VALUES_H
#define SKYPEFP_REPORT_VALUES_H

#include "compat.h"

#include <wsutil/json_dumper.h>

static inline void put_string(json_dumper *json, const char *key, const char *value)
{
    json_dumper_set_member_name(json, key);
    if (value != NULL) {
        json_dumper_value_string(json, value);
    } else {
        json_dumper_value_anyf(json, "null");
    }
}

static inline void put_number(json_dumper *json, const char *key, int64_t value)
{
    json_dumper_set_member_name(json, key);
    json_dumper_value_anyf(json, "%" PRId64, value);
}

/* A frame number; null for none. */
static inline void put_frame(json_dumper *json, const char *key, uint32_t frame)
{
    json_dumper_set_member_name(json, key);
    json_dumper_value_anyf(json, frame != 0 ? "%u" : "null", frame);
}

static inline void put_boolean(json_dumper *json, const char *key, bool value)
{
    json_dumper_set_member_name(json, key);
    json_dumper_value_anyf(json, "%s", value ? "true" : "false");
}

static inline void begin_object(json_dumper *json, const char *key)
{
    json_dumper_set_member_name(json, key);
    json_dumper_begin_object(json);
}

static inline void begin_array(json_dumper *json, const char *key)
{
    json_dumper_set_member_name(json, key);
    json_dumper_begin_array(json);
}

/* UTC, ISO 8601, microseconds; null for what is no time: a capture can hold any number as its fraction of a second. */
static inline void put_time(json_dumper *json, const char *key, bool is_known, const nstime_t *moment)
{
    bool is_time = is_known && moment->nsecs >= 0 && moment->nsecs < 1000000000;
    GDateTime *utc = is_time ? g_date_time_new_from_unix_utc(moment->secs) : NULL;

    if (utc == NULL) {
        put_string(json, key, NULL);
        return;
    }
    char *seconds = g_date_time_format(utc, "%Y-%m-%dT%H:%M:%S");
    char *text = g_strdup_printf("%s.%06dZ", seconds, moment->nsecs / 1000);
    put_string(json, key, text);
    g_free(text);
    g_free(seconds);
    g_date_time_unref(utc);
}

#endif
