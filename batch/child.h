/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A program of Wireshark's as a child process with pipes, read with a time limit. */
#ifndef BATCH_CHILD_H
#define BATCH_CHILD_H

#include <gio/gio.h>
#include <stdbool.h>

struct child {
    GSubprocess *process;
    GString *output;  /* what it wrote to stdout and has not been taken yet */
    GString *errors;  /* stderr, the first part of it */
    int in, out, err; /* pipes, owned by process; out and err are -1 after their end */
};

enum child_event { CHILD_WROTE, CHILD_ENDED, CHILD_TIME_LIMIT, CHILD_INTERRUPTED };

/* Starts argv[0] with an environment. Without stdin it reads nothing. NULL and the error when it cannot be started. */
struct child *child_start(const char *const argv[], char **environment, bool with_stdin, GError **error);

/* The deadline that many seconds from now (monotonic microseconds). */
gint64 child_deadline(unsigned seconds);

/* Waits until the child wrote something, closed both pipes, or the deadline (monotonic microseconds) is over. After
 * the deadline its output is still taken, and CHILD_TIME_LIMIT returned. */
enum child_event child_read(struct child *child, gint64 deadline);

/* Writes all of it; false when the child is gone. */
bool child_write(struct child *child, const char *text, gsize len);

/* Waits for its end and frees it. Exit code, or 128 + signal. */
int child_finish(struct child *child);

/* Kills it and frees it. NULL is fine. */
void child_kill(struct child *child);

/* Runs argv to its end. Text of stdout and stderr; the exit code, or -1 when it was not started, hit the deadline or
 * was interrupted (*event says which; *errors says why it was not started). */
int child_run(const char *const argv[], char **environment, gint64 deadline, char **output, char **errors,
              enum child_event *event);

#endif
