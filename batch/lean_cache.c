/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads and writes the files of the cache: a checksum of key and names on the first line, then the names. */
#include "lean_cache.h"

#include "report.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

enum { MAX_OCTETS = 1024 * 1024, CHECKSUM_LEN = 64 };

static char *find_version(const struct engine *engine)
{
    JsonObject *document = report_parse(engine->empty_document);
    char *version = document != NULL ? g_strdup(report_string(document, "wireshark_version")) : NULL;

    g_clear_pointer(&document, json_object_unref);
    return version != NULL ? version : g_strdup("?");
}

char *lean_cache_key(const struct engine *engine)
{
    GStatBuf status = { 0 };
    char *version = find_version(engine);
    const char *plugins = g_getenv("WIRESHARK_PLUGIN_DIR");

    if (g_stat(engine->tshark, &status) != 0) {
        status.st_size = -1;
    }
    char *key = g_strdup_printf("%s\n%" G_GINT64_FORMAT " octets\n%" G_GINT64_FORMAT ".%09ld\n%s\n%s\n", engine->tshark,
                                (gint64)status.st_size, (gint64)status.st_mtim.tv_sec, status.st_mtim.tv_nsec, version,
                                plugins != NULL ? plugins : "");
    g_free(version);
    return key;
}

static char *checksum_of(const char *key, const char *names)
{
    char *both = g_strconcat(key, names, NULL);
    char *checksum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, both, -1);

    g_free(both);
    return checksum;
}

static char *folder_of_cache(void)
{
    return g_build_filename(g_get_user_cache_dir(), "skypefp-batch", NULL);
}

static char *path_of(const char *key)
{
    char *folder = folder_of_cache();
    char *checksum = checksum_of(key, "");
    char *path = g_strdup_printf("%s/lean-%.16s", folder, checksum);

    g_free(checksum);
    g_free(folder);
    return path;
}

/* The folder, or what of the way to it exists, is the user's own: root with the home of somebody else (sudo) leaves nothing there. */
static bool is_own(const char *folder)
{
    char *path = g_strdup(folder);
    GStatBuf status;
    int result;

    while ((result = g_stat(path, &status)) != 0 && errno == ENOENT && strcmp(path, "/") != 0 && strcmp(path, ".") != 0) {
        char *above = g_path_get_dirname(path);
        g_free(path);
        path = above;
    }
    g_free(path);
    return result == 0 && status.st_uid == geteuid();
}

/* The text of a regular file of the user's own. */
static char *read_own(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    struct stat status;
    char *text = NULL;

    if (fd >= 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid() &&
        status.st_size <= MAX_OCTETS) {
        text = g_malloc0((gsize)status.st_size + 1);
        if (read(fd, text, (size_t)status.st_size) != status.st_size) {
            g_clear_pointer(&text, g_free);
        }
    }
    if (fd >= 0) {
        close(fd);
    }
    return text;
}

char *lean_cache_read(const char *key)
{
    char *path = path_of(key);
    char *text = read_own(path), *names = NULL;

    if (text != NULL && strlen(text) > CHECKSUM_LEN && text[CHECKSUM_LEN] == '\n') {
        char *checksum = checksum_of(key, text + CHECKSUM_LEN + 1);
        names = strncmp(checksum, text, CHECKSUM_LEN) == 0 ? g_strdup(text + CHECKSUM_LEN + 1) : NULL;
        g_free(checksum);
    }
    g_free(text);
    g_free(path);
    return names;
}

void lean_cache_write(const char *key, const char *names)
{
    char *folder = folder_of_cache();
    char *path = path_of(key);
    char *checksum = checksum_of(key, names);
    char *text = g_strdup_printf("%s\n%s", checksum, names);

    if (is_own(folder) && g_mkdir_with_parents(folder, 0700) == 0) {
        g_file_set_contents(path, text, -1, NULL);
    }
    g_free(text);
    g_free(checksum);
    g_free(path);
    g_free(folder);
}
