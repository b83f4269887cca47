/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Collects inputs, and finds outputs among them. */
#include "protection.h"

#include "encapsulation.h"
#include "file_kind.h"
#include "plain_text.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { ASK_SECONDS = 60 };

/* "-" is stdin; NULL is nothing. */
static void add_input(GHashTable *inputs, const char *path, struct capture *capture)
{
    bool is_stdin = g_strcmp0(path, "-") == 0;
    struct stat status;

    if (path != NULL && (is_stdin ? fstat(STDIN_FILENO, &status) : stat(path, &status)) == 0) {
        char *key = skypefp_file_key(&status);
        if (!g_hash_table_contains(inputs, key)) {
            g_hash_table_insert(inputs, g_steal_pointer(&key), capture);
        }
        g_free(key);
    }
}

/* What is named on the command line comes first: it stays an input when a folder has another name of it. */
static GHashTable *collect(const struct options *options, GPtrArray *captures)
{
    GHashTable *inputs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (char **path = options->arguments; *path != NULL; path++) {
        add_input(inputs, *path, NULL);
    }
    add_input(inputs, options->list, NULL);
    for (int is_found = 0; captures != NULL && is_found <= 1; is_found++) {
        for (guint i = 0; i < captures->len; i++) {
            struct capture *capture = g_ptr_array_index(captures, i);
            if (capture->is_found == is_found) {
                add_input(inputs, capture->path, capture);
            }
        }
    }
    return inputs;
}

/* A report, or an empty file that the shell has just made of one. */
static bool is_replaceable(const char *path, const struct stat *status)
{
    static const skypefp_protection nothing;
    char *reason = NULL;
    bool is_free = status->st_size == 0 || skypefp_destination_is_free(path, &nothing, &reason);

    g_free(reason);
    return is_free;
}

/* False when a file that is written to is an input, and is not a report that was merely found in a folder. */
static bool drop_output(GHashTable *inputs, GPtrArray *captures, const struct stat *status)
{
    char *key = skypefp_file_key(status);
    gpointer found = NULL;
    bool is_input = S_ISREG(status->st_mode) && g_hash_table_lookup_extended(inputs, key, NULL, &found);
    struct capture *capture = found;
    bool is_droppable = capture != NULL && capture->is_found && is_replaceable(capture->path, status);

    if (is_input && is_droppable) {
        g_hash_table_remove(inputs, key);
        g_ptr_array_remove(captures, capture);
    }
    g_free(key);
    return !is_input || is_droppable;
}

/* With --force any text may be replaced, except one that Wireshark reads as packets. */
static bool is_text_capture(const char *path)
{
    char *tshark = engine_find_program("tshark", "SKYPEFP_TSHARK");
    char **environment = g_get_environ();
    bool is_capture = tshark != NULL &&
                      encapsulation_of(tshark, environment, path, child_deadline(ASK_SECONDS)) == ENCAPSULATION_PACKETS;

    g_strfreev(environment);
    g_free(tshark);
    return is_capture;
}

static char *check_output(const struct output *output, const struct options *options, GHashTable *inputs,
                          GPtrArray *captures)
{
    struct stat status;
    bool exists = output->path != NULL ? stat(output->path, &status) == 0 : fstat(STDOUT_FILENO, &status) == 0;
    char *name = output->path != NULL ? skypefp_escape_name(output->path, NULL) : g_strdup("-");
    char *reason = NULL;

    if (exists && !drop_output(inputs, captures, &status)) {
        reason = output->path == NULL ? g_strdup("standard output is an input; choose another file for the report")
                                      : g_strdup_printf("\"%s\" is an input; choose another name for -o", name);
    } else if (exists && output->path != NULL && options->force && S_ISREG(status.st_mode) &&
               !is_replaceable(output->path, &status) && is_text_capture(output->path)) {
        reason = g_strdup_printf("\"%s\" is a capture; captures are never replaced", name);
    }
    g_free(name);
    return reason;
}

bool protection_init(skypefp_protection *protection, const struct options *options, GPtrArray *captures, char **reason)
{
    char *why = NULL;

    *protection = (skypefp_protection){ .inputs = collect(options, captures), .replace_texts = options->force };
    for (guint i = 0; i < options->outputs->len && why == NULL; i++) {
        why = check_output(g_ptr_array_index(options->outputs, i), options, protection->inputs, captures);
    }
    if (why != NULL) {
        *reason = why;
    }
    return why == NULL;
}

/* ---- standard output and error ---- */

/* Whether a file with content may be a capture: it begins as one, or as something compressed, is binary, or has the
 * name of one. */
static bool is_like_capture(const char *path, const char *head, gsize len)
{
    static const char *const compressed[] = { "\x1f\x8b", "\x28\xb5\x2f\xfd", "\x04\x22\x4d\x18" };
    bool is_like =
        skypefp_begins_as_capture(head, len) || memchr(head, '\0', len) != NULL || skypefp_has_capture_suffix(path);

    for (unsigned i = 0; i < G_N_ELEMENTS(compressed) && !is_like; i++) {
        gsize n = strlen(compressed[i]);
        is_like = len >= n && memcmp(head, compressed[i], n) == 0;
    }
    return is_like;
}

/* Whether a descriptor of ours leads to such a file. One that may not be read is somebody's log. */
static bool leads_to_capture(int fd)
{
    char *link = g_strdup_printf("/proc/self/fd/%d", fd), *path = g_file_read_link(link, NULL);
    char head[SKYPEFP_HEAD_BYTES + 1];
    struct stat status;
    bool has_content = fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0;
    int reading = has_content ? open(link, O_RDONLY | O_CLOEXEC) : -1;
    ssize_t n = reading >= 0 ? pread(reading, head, sizeof head, 0) : -1;
    bool is_capture = n > 0 && is_like_capture(path != NULL ? path : "", head, (gsize)n);

    if (reading >= 0) {
        close(reading);
    }
    g_free(path);
    g_free(link);
    return is_capture;
}

bool protection_allows_standard_files(char **reason)
{
    if (leads_to_capture(STDERR_FILENO)) {
        return false;
    }
    if (leads_to_capture(STDOUT_FILENO)) {
        *reason = g_strdup("standard output is a capture, or binary; choose another file for the report");
        return false;
    }
    return true;
}

void protection_clear(skypefp_protection *protection)
{
    g_clear_pointer(&protection->inputs, g_hash_table_destroy);
}
