/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What reads captures: tshark and sharkd, an environment of their own, and proof that the plugin is loaded. */
#ifndef BATCH_ENGINE_H
#define BATCH_ENGINE_H

#include "child.h"

enum engine_kind {
    ENGINE_AUTO,   /* direct; lean for captures that it is not sure of */
    ENGINE_DIRECT, /* this program alone */
    ENGINE_LEAN,   /* link layers, IP, UDP, TCP and tunnels only: sharkd, and tshark for large captures */
    ENGINE_SHARKD, /* sharkd with everything switched on */
    ENGINE_TSHARK, /* one tshark for each capture */
};

/* The names "auto", "direct", "lean", "sharkd", "tshark", and back; false for others. */
bool engine_kind_by_name(const char *name, enum engine_kind *kind);
const char *engine_kind_name(enum engine_kind kind);

enum {
    ENGINE_START_SECONDS = 60, /* for tshark or sharkd to start and answer */
    ENGINE_EMPTY_OCTETS = 24,  /* of the capture without frames */
};

struct engine {
    enum engine_kind kind;
    bool near_misses;      /* the plugin notes them */
    char *tshark, *sharkd; /* programs; sharkd is NULL when there is none */
    char *folder;          /* of our own: configuration, empty data folder, links */
    char **environment;    /* for both programs */
    char *empty_capture;   /* a file without frames in it */
    GMutex mutex;          /* guards what follows */
    char *empty_document;  /* the report on that file; NULL: not asked for yet */
    GMutex start_mutex;    /* guards what start.c keeps */
    bool is_started;       /* Wireshark was needed */
    char *reason;          /* why it is of no use; NULL: it is of use */
};

/* Whether captures are read by this program first. */
static inline bool engine_is_direct(const struct engine *engine)
{
    return engine->kind == ENGINE_AUTO || engine->kind == ENGINE_DIRECT;
}

/* Prepares the engine. NULL when a kind that needs tshark does not find it, or there is no folder; *reason says so,
 * for people. */
struct engine *engine_open(enum engine_kind kind, bool near_misses, char **reason);
void engine_close(struct engine *engine);

/* Whether tshark loads the plugin; if not, *reason quotes its message. Costs a start of tshark. */
bool engine_tshark_has_plugin(struct engine *engine, char **reason);

/* The report on a capture without frames; NULL when tshark does not give it any more. For all threads. */
const char *engine_empty_document(struct engine *engine);

/* Whether to use sharkd for a file of this size (sharkd dissects twice but starts only once). */
bool engine_prefers_sharkd(const struct engine *engine, gint64 size, bool is_compressed);

/* Runs tshark on one capture up to the deadline; like child_run(). *document is NULL or its report. */
int engine_run_tshark(const struct engine *engine, const char *path, gint64 deadline, char **document, char **errors,
                      enum child_event *event);

/* The program in PATH, or the one that the environment variable names; NULL: there is none. */
char *engine_find_program(const char *name, const char *variable);

/* Writes the preferences of both programs: ours, after those in lines of text. */
void engine_write_preferences(const struct engine *engine, const char *lines);

/* Removes lines from stderr that say nothing about a capture. */
void engine_strip_noise(char *errors);

#endif
