/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads and writes the files of the cache: a checksum of key and names on the first line, then the names. */
#include "lean_cache.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

enum { MAX_OCTETS = 1024 * 1024, CHECKSUM_LEN = 64 };

/* A program's path, size and time: another one, or another version of it, differs. */
static char *describe(const char *program)
{
    GStatBuf status = { 0 };

    if (program == NULL || g_stat(program, &status) != 0) {
        return g_strdup("absent");
    }
    return g_strdup_printf("%s, %" G_GINT64_FORMAT " bytes of %" G_GINT64_FORMAT ".%09ld", program,
                           (gint64)status.st_size, (gint64)status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
}

char *lean_cache_key(const struct engine *engine)
{
    const char *plugins = g_getenv("WIRESHARK_PLUGIN_DIR");
    char *tshark = describe(engine->tshark), *sharkd = describe(engine->sharkd);
    char *key = g_strdup_printf("%s\n%s\n%s\n", tshark, sharkd, plugins != NULL ? plugins : "");

    g_free(tshark);
    g_free(sharkd);
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

/* Whether the user owns the cache folder, or the folder it would be created in: root with another user's home (sudo)
 * leaves nothing there, and a home that does not exist is not created. */
static bool is_welcome(void)
{
    char *above = g_path_get_dirname(g_get_user_cache_dir());
    GStatBuf status;
    bool exists = g_stat(g_get_user_cache_dir(), &status) == 0 || g_stat(above, &status) == 0;

    g_free(above);
    return exists && status.st_uid == geteuid();
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

    if (is_welcome() && g_mkdir_with_parents(folder, 0700) == 0) {
        g_file_set_contents(path, text, -1, NULL);
    }
    g_free(text);
    g_free(checksum);
    g_free(path);
    g_free(folder);
}
