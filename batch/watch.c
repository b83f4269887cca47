/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Searches the folders again and again, and asks the kernel for a lease on each new file: it gives none on what is
 * being written. */
#include "watch.h"

#include "walk.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { QUIET_SECONDS = 10 };

static const char UNREADABLE[] = "unreadable"; /* in place of a state */

struct watch {
    const struct options *options;
    GHashTable *examined; /* path -> inode, size and time of what was examined there, or UNREADABLE */
};

struct watch *watch_new(const struct options *options)
{
    struct watch *watch = g_new0(struct watch, 1);

    watch->options = options;
    watch->examined = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return watch;
}

void watch_free(struct watch *watch)
{
    g_hash_table_destroy(watch->examined);
    g_free(watch);
}

static char *describe(const struct stat *status)
{
    return g_strdup_printf("%ju:%jd:%jd.%09ld", (uintmax_t)status->st_ino, (intmax_t)status->st_size,
                           (intmax_t)status->st_mtim.tv_sec, status->st_mtim.tv_nsec);
}

static bool is_finished(const char *path, const struct stat *status)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (fd < 0) {
        return errno != ENOENT; /* examining it will say what is wrong */
    }
    bool is_leased = fcntl(fd, F_SETLEASE, F_RDLCK) == 0, is_written = !is_leased && errno == EAGAIN;
    close(fd); /* and the lease is gone */
    return is_leased || (!is_written && time(NULL) - status->st_mtim.tv_sec >= QUIET_SECONDS);
}

/* Whether to report that a name or a folder cannot be read: the first time only, because it may come later. */
static bool is_news(struct watch *watch, const struct capture *capture)
{
    bool is_known = g_strcmp0(g_hash_table_lookup(watch->examined, capture->path), UNREADABLE) == 0;

    g_hash_table_replace(watch->examined, g_strdup(capture->path), g_strdup(UNREADABLE));
    return !is_known;
}

/* Whether a capture is due now; then it is noted. */
static bool is_due(struct watch *watch, const struct capture *capture, const struct reporting *reporting)
{
    struct stat status;

    bool is_there = stat(capture->path, &status) == 0;
    if (capture->status == CAPTURE_UNREADABLE || (!is_there && !capture->is_found)) {
        return is_news(watch, capture);
    }
    if (!is_there || !S_ISREG(status.st_mode) || reporting_is_output(reporting, &status)) {
        return false;
    }
    char *state = describe(&status);
    bool is_known = g_strcmp0(g_hash_table_lookup(watch->examined, capture->path), state) == 0;
    if (is_known || status.st_size == 0 || !is_finished(capture->path, &status)) {
        g_free(state);
        return false;
    }
    g_hash_table_replace(watch->examined, g_strdup(capture->path), state);
    return true;
}

static gboolean is_gone(gpointer path, gpointer state, gpointer unused)
{
    (void)unused;
    return strcmp(state, UNREADABLE) != 0 && access(path, F_OK) != 0;
}

GPtrArray *watch_next(struct watch *watch, const struct reporting *reporting)
{
    char *reason = NULL;
    GPtrArray *captures = walk_inputs(watch->options, &reason);

    for (guint i = captures->len; i-- > 0;) {
        if (!is_due(watch, g_ptr_array_index(captures, i), reporting)) {
            g_ptr_array_remove_index(captures, i);
        }
    }
    g_hash_table_foreach_remove(watch->examined, is_gone, NULL);
    g_free(reason);
    return captures;
}
