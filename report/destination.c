/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decides from what a file holds whether a report may replace it. */
#include "destination.h"

#include "file_kind.h"
#include "plain_text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>

enum { TAIL_BYTES = 512 };

char *skypefp_file_key(const struct stat *status)
{
    return g_strdup_printf("%ju:%ju", (uintmax_t)status->st_dev, (uintmax_t)status->st_ino);
}

static bool is_input(const struct stat *status, const skypefp_protection *protection)
{
    char *key = skypefp_file_key(status);
    bool found = protection->inputs != NULL && g_hash_table_contains(protection->inputs, key);

    g_free(key);
    return found;
}

/* Why a regular file of a name must stay; NULL: it may be replaced. */
static const char *why_it_stays(const char *path, int fd, const struct stat *status,
                                const skypefp_protection *protection)
{
    char head[SKYPEFP_HEAD_BYTES + 1], tail[TAIL_BYTES + 1];

    if (is_input(status, protection)) {
        return "is an input; choose another name for the report";
    }
    if (status->st_size == 0) {
        return NULL;
    }
    ssize_t n_head = pread(fd, head, sizeof head, 0);
    ssize_t n_tail = pread(fd, tail, TAIL_BYTES, MAX(status->st_size - TAIL_BYTES, 0));
    if (n_head < 0 || n_tail < 0) {
        return "exists and cannot be read; choose another name for the report";
    }
    tail[n_tail] = '\0';
    if (skypefp_is_report(head, (gsize)n_head, tail)) {
        return NULL;
    }
    if (skypefp_begins_as_capture(head, (gsize)n_head)) {
        return "is a capture; captures are never replaced";
    }
    if (!skypefp_begins_as_text(head, (gsize)n_head) || skypefp_has_capture_suffix(path)) {
        return "exists and is not a report of skypefp; choose another name";
    }
    return protection->replace_texts ? NULL : "exists and is not a report of skypefp; choose another name";
}

/* An open descriptor, reading allowed where the file is a regular one; -1 and errno. */
static int open_any(const char *path, struct stat *status)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

    if (fd < 0 && errno == EEXIST) {
        bool is_regular = stat(path, status) == 0 && S_ISREG(status->st_mode);
        fd = open(path, (is_regular ? O_RDWR : O_WRONLY) | O_CREAT | O_CLOEXEC, 0666);
    }
    if (fd >= 0 && fstat(fd, status) != 0) {
        close(fd);
        fd = -1;
    }
    return fd;
}

/* "a.cap is an input; ...", or "could not write a.cap: Permission denied". */
static char *print_reason(const char *path, const char *why, int error)
{
    char *name = skypefp_escape_name(path, NULL);
    char *reason = why != NULL ? g_strdup_printf("\"%s\" %s", name, why)
                               : g_strdup_printf("could not write \"%s\": %s", name, g_strerror(error));

    g_free(name);
    return reason;
}

FILE *skypefp_destination_claim(const char *path, const skypefp_protection *protection, char **reason)
{
    struct stat status;
    int fd = open_any(path, &status);
    bool is_regular = fd >= 0 && S_ISREG(status.st_mode);
    const char *why = is_regular ? why_it_stays(path, fd, &status, protection) : NULL;
    FILE *file = NULL;

    if (fd >= 0 && why == NULL) {
        file = fdopen(fd, "w"); /* empties nothing */
    }
    if (file == NULL) {
        *reason = print_reason(path, why, errno);
        if (fd >= 0) {
            close(fd);
        }
    }
    return file;
}

bool skypefp_destination_empty(FILE *file)
{
    struct stat status;

    return fstat(fileno(file), &status) == 0 && (!S_ISREG(status.st_mode) || ftruncate(fileno(file), 0) == 0);
}

FILE *skypefp_destination_open(const char *path, const skypefp_protection *protection, char **reason)
{
    FILE *file = skypefp_destination_claim(path, protection, reason);

    if (file != NULL && !skypefp_destination_empty(file)) {
        *reason = print_reason(path, NULL, errno);
        fclose(file);
        file = NULL;
    }
    return file;
}

bool skypefp_destination_is_free(const char *path, const skypefp_protection *protection, char **reason)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    bool is_known = fd >= 0 && fstat(fd, &status) == 0, is_absent = fd < 0 && errno == ENOENT;
    const char *why = is_known && S_ISREG(status.st_mode) ? why_it_stays(path, fd, &status, protection) : NULL;

    if (why != NULL || !(is_known || is_absent)) {
        *reason = print_reason(path, why, errno);
    }
    if (fd >= 0) {
        close(fd);
    }
    return *reason == NULL;
}
