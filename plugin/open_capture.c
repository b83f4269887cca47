/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Name, size and hash of the file that is open. */
#include "open_capture.h"

#include "plain_text.h"

#include <epan/plugin_if.h>

/* The hash of what is left of a file; its size is added up. */
static char *hash_file(FILE *file, int64_t *size)
{
    enum { STEP = 65536 };
    GChecksum *checksum = g_checksum_new(G_CHECKSUM_SHA256);
    guchar *octets = g_malloc(STEP);
    size_t n;

    *size = 0;
    while ((n = fread(octets, 1, STEP, file)) > 0) {
        g_checksum_update(checksum, octets, (gssize)n);
        *size += (int64_t)n;
    }
    char *digest = ferror(file) ? NULL : g_strdup(g_checksum_get_string(checksum));
    g_free(octets);
    g_checksum_free(checksum);
    return digest;
}

struct open_capture skypefp_open_capture(void)
{
    struct open_capture capture = { .size = -1 };
    ws_info_t *window = NULL;

    plugin_if_get_ws_info(&window); /* its memory */
    if (window == NULL || !window->ws_info_supported || window->cf_filename == NULL) {
        return capture;
    }
    capture.name = skypefp_escape_name(window->cf_filename, NULL);
    FILE *file = window->cf_state == FILE_READ_DONE ? ws_fopen(window->cf_filename, "rb") : NULL;
    if (file != NULL) {
        capture.sha256 = hash_file(file, &capture.size);
        fclose(file);
    }
    return capture;
}

void skypefp_open_capture_clear(struct open_capture *capture)
{
    g_free(capture->name);
    g_free(capture->sha256);
    *capture = (struct open_capture){ .size = -1 };
}
