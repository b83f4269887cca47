/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Copies standard input to a file, until its end or an interrupt. */
#include "spool.h"

#include "interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static bool write_all(int fd, const char *bytes, ssize_t n)
{
    while (n > 0) {
        ssize_t n_written = write(fd, bytes, (size_t)n);
        if (n_written < 0 && errno != EINTR) {
            return false;
        }
        bytes += MAX(n_written, 0);
        n -= MAX(n_written, 0);
    }
    return true;
}

static bool copy_to(int fd)
{
    char buffer[65536];
    ssize_t n = 1;

    while (n != 0 && !interrupted()) {
        n = read(STDIN_FILENO, buffer, sizeof buffer);
        if ((n < 0 && errno != EINTR) || !write_all(fd, buffer, n)) {
            return false;
        }
    }
    return true;
}

static void spool_stdin(struct capture *capture, const char *folder)
{
    char *path = g_build_filename(folder, "stdin", NULL);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (isatty(STDIN_FILENO)) {
        capture_set_status(capture, CAPTURE_UNREADABLE, g_strdup("Standard input is a terminal"));
    } else if (fd < 0 || !copy_to(fd)) {
        capture_set_status(capture, CAPTURE_UNREADABLE, g_strdup(g_strerror(errno)));
    }
    if (fd >= 0) {
        close(fd);
    }
    g_free(capture->path);
    capture->path = path;
}

void spool_inputs(GPtrArray *captures, const char *folder)
{
    for (guint i = 0; i < captures->len; i++) {
        struct capture *capture = g_ptr_array_index(captures, i);
        if (capture->is_stdin) {
            spool_stdin(capture, folder);
        }
    }
}
