/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Recognizes extracts by what their section says, and compares them.
 *
 *   0..3: 0A0D0D0A   4..7: length, all of it   8..23: fixed
 *   24..: options of code(2), length(2) and value, padded to 4 octets   last 4: the length again */
#include "extract_known.h"

#include <fcntl.h>
#include <glib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    AT_LEN = 4,
    AT_OPTIONS = 24,
    OPTION_LEN = 4,
    TRAILER_LEN = 4,
    OPTION_COMMENT = 1,
    OPTION_PROGRAM = 4,
    MAX_SECTION = 2 * (G_MAXUINT16 + 1) + 64, /* two options of any length */
    PIECE = 65536
};

static guint32 read_le32(const guint8 *at)
{
    return (guint32)at[0] | (guint32)at[1] << 8 | (guint32)at[2] << 16 | (guint32)at[3] << 24;
}

/* Reads the section that a file begins with, as extracts have it. NULL: it begins with something else. */
static GBytes *read_section(FILE *file)
{
    static const guint8 magic[] = { 0x0a, 0x0d, 0x0d, 0x0a };
    guint8 *octets = g_malloc(MAX_SECTION);
    bool is_read = fseeko(file, 0, SEEK_SET) == 0 && fread(octets, AT_OPTIONS, 1, file) == 1;
    guint32 len = is_read && memcmp(octets, magic, sizeof magic) == 0 ? read_le32(octets + AT_LEN) : 0;

    is_read = len > AT_OPTIONS + TRAILER_LEN && len <= MAX_SECTION &&
              fread(octets + AT_OPTIONS, len - AT_OPTIONS, 1, file) == 1;
    if (!is_read) {
        g_free(octets);
        return NULL;
    }
    return g_bytes_new_take(octets, len);
}

/* Whether the section has an option of a code with a text in it. NULL: no section. */
static bool says(GBytes *section, guint16 code, const char *text)
{
    gsize len = 0, at = AT_OPTIONS;
    const guint8 *octets = section != NULL ? g_bytes_get_data(section, &len) : NULL;

    while (at + OPTION_LEN + TRAILER_LEN <= len) {
        guint32 head = read_le32(octets + at);
        gsize n = head >> 16;
        at += OPTION_LEN;
        if (n > len - TRAILER_LEN - at) {
            return false;
        }
        if ((head & G_MAXUINT16) == code) {
            return g_strstr_len((const char *)octets + at, (gssize)n, text) != NULL;
        }
        at += (n + 3) / 4 * 4;
    }
    return false;
}

static FILE *open_regular(const char *path, int flags)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | flags);
    bool is_regular = fd >= 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode);

    if (fd >= 0 && !is_regular) {
        close(fd);
    }
    return is_regular ? fdopen(fd, "rb") : NULL;
}

static void clear_section(GBytes *section)
{
    if (section != NULL) {
        g_bytes_unref(section);
    }
}

static bool lies_in(const char *path, const char *folder)
{
    struct stat expected, own;
    char *parent = g_path_get_dirname(path);
    bool is_same = stat(folder, &expected) == 0 && stat(parent, &own) == 0 && own.st_dev == expected.st_dev &&
                   own.st_ino == expected.st_ino;

    g_free(parent);
    return is_same;
}

bool extract_is_one(const char *path, const char *folder)
{
    FILE *file = lies_in(path, folder) ? open_regular(path, O_NOFOLLOW) : NULL;
    GBytes *section = file != NULL ? read_section(file) : NULL;
    bool is_one = says(section, OPTION_PROGRAM, "skypefp-batch ");

    clear_section(section);
    if (file != NULL) {
        fclose(file);
    }
    return is_one;
}

/* Whether two files hold the same from where they are. */
static bool have_same_rest(FILE *a, FILE *b)
{
    char left[PIECE], right[PIECE];
    gsize n = 0;
    bool is_same = true;

    do {
        n = fread(left, 1, sizeof left, a);
        is_same = fread(right, 1, sizeof right, b) == n && memcmp(left, right, n) == 0;
    } while (is_same && n > 0);
    return is_same && !ferror(a) && !ferror(b);
}

bool extract_is_same(const char *path, const char *sha256, FILE *extract)
{
    FILE *known = open_regular(path, O_NOFOLLOW);
    GBytes *section = known != NULL ? read_section(known) : NULL, *own = read_section(extract);
    char *hash = g_strconcat("SHA-256 ", sha256, ":", NULL);
    bool is_same = own != NULL && says(section, OPTION_COMMENT, hash) && have_same_rest(known, extract);

    g_free(hash);
    clear_section(own);
    clear_section(section);
    if (known != NULL) {
        fclose(known);
    }
    return is_same;
}
