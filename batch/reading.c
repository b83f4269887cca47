/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks for a file among the descriptors of this process and its children in /proc. */
#include "reading.h"

#include <string.h>
#include <sys/stat.h>

/* "pos:	12345" of /proc/PID/fdinfo/FD. */
static gint64 position_of(const char *pid, const char *fd)
{
    char *path = g_strdup_printf("/proc/%s/fdinfo/%s", pid, fd);
    char *text = NULL;
    gint64 position = 0;

    if (g_file_get_contents(path, &text, NULL, NULL) && g_str_has_prefix(text, "pos:")) {
        position = g_ascii_strtoll(text + strlen("pos:"), NULL, 10);
    }
    g_free(text);
    g_free(path);
    return position;
}

static gint64 position_in(const char *pid, const struct stat *file)
{
    char *folder = g_strdup_printf("/proc/%s/fd", pid);
    GDir *entries = g_dir_open(folder, 0, NULL);
    gint64 furthest = 0;

    for (const char *fd; entries != NULL && (fd = g_dir_read_name(entries)) != NULL;) {
        char *path = g_build_filename(folder, fd, NULL);
        struct stat status;
        if (stat(path, &status) == 0 && status.st_dev == file->st_dev && status.st_ino == file->st_ino) {
            furthest = MAX(furthest, position_of(pid, fd));
        }
        g_free(path);
    }
    if (entries != NULL) {
        g_dir_close(entries);
    }
    g_free(folder);
    return furthest;
}

/* Children are listed by the thread that started them. */
static gint64 position_in_children(const char *thread, const struct stat *file)
{
    char *path = g_strdup_printf("/proc/self/task/%s/children", thread);
    char *text = NULL;
    gint64 furthest = 0;

    if (g_file_get_contents(path, &text, NULL, NULL)) {
        char **pids = g_strsplit(g_strchomp(text), " ", -1);
        for (char **pid = pids; *pid != NULL; pid++) {
            furthest = MAX(furthest, position_in(*pid, file));
        }
        g_strfreev(pids);
    }
    g_free(text);
    g_free(path);
    return furthest;
}

gint64 reading_position(const char *path, bool reads_itself)
{
    GDir *threads = g_dir_open("/proc/self/task", 0, NULL);
    struct stat file;
    gint64 furthest = 0;

    if (threads != NULL && stat(path, &file) == 0) {
        furthest = reads_itself ? position_in("self", &file) : 0;
        for (const char *thread; (thread = g_dir_read_name(threads)) != NULL;) {
            furthest = MAX(furthest, position_in_children(thread, &file));
        }
    }
    if (threads != NULL) {
        g_dir_close(threads);
    }
    return furthest;
}
