/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Starts Wireshark when a capture needs it: most batches never do. */
#include "start.h"

#include "lean.h"

static char *prepare(struct engine *engine)
{
    char *reason = NULL;

    if (engine->tshark == NULL) {
        return g_strdup("tshark is not installed");
    }
    lean_write(engine);
    return engine_tshark_has_plugin(engine, &reason) ? NULL : reason;
}

const char *start_wireshark(struct engine *engine)
{
    g_mutex_lock(&engine->start_mutex);
    if (!engine->is_started) {
        engine->is_started = true;
        engine->reason = prepare(engine);
    }
    g_mutex_unlock(&engine->start_mutex);
    return engine->reason;
}
