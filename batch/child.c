/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Starts child processes and reads their pipes with a time limit. */
#include "child.h"

#include "interrupt.h"
#include "privileges.h"

#include <errno.h>
#include <gio/gunixinputstream.h>
#include <gio/gunixoutputstream.h>
#include <unistd.h>

enum {
    SLICE_MS = 100,         /* how long an interrupt may go unseen */
    MAX_ERRORS = 64 * 1024, /* of stderr; the rest is read and dropped */
};

/* A Ctrl-C at the terminal is for the batch: it ends the children itself. */
static void prepare_child(gpointer unused)
{
    (void)unused;
    setpgid(0, 0);
    privileges_drop();
}

struct child *child_start(const char *const argv[], char **environment, bool with_stdin, GError **error)
{
    GSubprocessFlags flags = G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE;
    GSubprocessLauncher *launcher =
        g_subprocess_launcher_new(with_stdin ? flags | G_SUBPROCESS_FLAGS_STDIN_PIPE : flags);
    struct child *child = NULL;

    g_subprocess_launcher_set_environ(launcher, environment);
    g_subprocess_launcher_set_child_setup(launcher, prepare_child, NULL, NULL);
    GSubprocess *process = g_subprocess_launcher_spawnv(launcher, argv, error);
    g_object_unref(launcher);
    if (process != NULL) {
        child = g_new0(struct child, 1);
        child->process = process;
        child->in =
            with_stdin ? g_unix_output_stream_get_fd(G_UNIX_OUTPUT_STREAM(g_subprocess_get_stdin_pipe(process))) : -1;
        child->out = g_unix_input_stream_get_fd(G_UNIX_INPUT_STREAM(g_subprocess_get_stdout_pipe(process)));
        child->err = g_unix_input_stream_get_fd(G_UNIX_INPUT_STREAM(g_subprocess_get_stderr_pipe(process)));
        child->output = g_string_new(NULL);
        child->errors = g_string_new(NULL);
    }
    return child;
}

static void read_pipe(int *fd, GString *text, gsize limit)
{
    char buffer[65536];
    ssize_t n = read(*fd, buffer, sizeof buffer);

    if (n > 0 && text->len < limit) {
        g_string_append_len(text, buffer, MIN((gssize)n, (gssize)(limit - text->len)));
    } else if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN)) {
        *fd = -1;
    }
}

gint64 child_deadline(unsigned seconds)
{
    return g_get_monotonic_time() + (gint64)seconds * G_USEC_PER_SEC;
}

static int slice_ms(gint64 deadline)
{
    gint64 left_ms = (deadline - g_get_monotonic_time() + 999) / 1000;

    return (int)CLAMP(left_ms, 0, SLICE_MS);
}

static bool is_closed(const struct child *child)
{
    return child->out < 0 && child->err < 0;
}

enum child_event child_read(struct child *child, gint64 deadline)
{
    while (!is_closed(child)) {
        GPollFD pipes[] = { { child->out, G_IO_IN, 0 }, { child->err, G_IO_IN, 0 } };
        int n = g_poll(pipes, G_N_ELEMENTS(pipes), slice_ms(deadline));
        if (pipes[1].revents != 0) {
            read_pipe(&child->err, child->errors, MAX_ERRORS);
        }
        if (pipes[0].revents != 0) {
            read_pipe(&child->out, child->output, G_MAXSSIZE);
        }
        if (is_closed(child)) {
            break;
        }
        /* Before what it wrote: some children never stop writing. */
        if (interrupted()) {
            return CHILD_INTERRUPTED;
        }
        if (g_get_monotonic_time() >= deadline) {
            return CHILD_TIME_LIMIT;
        }
        if (n > 0) {
            return CHILD_WROTE;
        }
    }
    return CHILD_ENDED;
}

bool child_write(struct child *child, const char *text, gsize len)
{
    while (len > 0) {
        ssize_t n = write(child->in, text, len);
        if (n < 0 && errno != EINTR) {
            return false;
        }
        if (n > 0) {
            text += n;
            len -= (gsize)n;
        }
    }
    return true;
}

static void free_child(struct child *child)
{
    g_object_unref(child->process);
    g_string_free(child->output, TRUE);
    g_string_free(child->errors, TRUE);
    g_free(child);
}

int child_finish(struct child *child)
{
    g_subprocess_wait(child->process, NULL, NULL);
    int code = g_subprocess_get_if_exited(child->process) ? g_subprocess_get_exit_status(child->process)
                                                          : 128 + g_subprocess_get_term_sig(child->process);
    free_child(child);
    return code;
}

void child_kill(struct child *child)
{
    if (child != NULL) {
        g_subprocess_force_exit(child->process);
        child_finish(child);
    }
}

int child_run(const char *const argv[], char **environment, gint64 deadline, char **output, char **errors,
              enum child_event *event)
{
    GError *error = NULL;
    struct child *child = child_start(argv, environment, false, &error);

    *output = NULL;
    *event = CHILD_ENDED;
    if (child == NULL) {
        *errors = g_strdup(error->message);
        g_error_free(error);
        return -1;
    }
    do {
        *event = child_read(child, deadline);
    } while (*event == CHILD_WROTE);
    *output = g_strdup(child->output->str);
    *errors = g_strdup(child->errors->str);
    if (*event == CHILD_ENDED) {
        return child_finish(child);
    }
    child_kill(child);
    return -1;
}
