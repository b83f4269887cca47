/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds Wireshark's programs, isolates them from the user's preferences, and asks tshark whether the plugin is
 * there. */
#include "engine.h"

#include "privileges.h"
#include "report.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

enum {
    LARGE_CAPTURE = 4 * 1024 * 1024, /* bytes; from this size on, a second dissection costs more than starting tshark */
    EXPANSION = 16, /* assumed growth of a compressed capture when it is uncompressed; most grow less */
};

/* The header of a capture without frames: classic format, little endian, Ethernet. */
static const char empty_capture[ENGINE_EMPTY_OCTETS] =
    "\xd4\xc3\xb2\xa1\x02\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff\x00\x00\x01\x00\x00";

static const char *const kind_names[] = { "auto", "direct", "lean", "sharkd", "tshark" };

const char *engine_kind_name(enum engine_kind kind)
{
    return kind_names[kind];
}

bool engine_kind_by_name(const char *name, enum engine_kind *kind)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(kind_names); i++) {
        if (g_strcmp0(name, kind_names[i]) == 0) {
            *kind = (enum engine_kind)i;
            return true;
        }
    }
    return false;
}

char *engine_find_program(const char *name, const char *variable)
{
    const char *named = g_getenv(variable);

    return named != NULL && *named != '\0' ? g_find_program_in_path(named) : g_find_program_in_path(name);
}

void engine_strip_noise(char *errors)
{
    static const char *const noise[] = { "Running as user ", "Hello in child.",
                                         "load: filename=", "sharkd_session_process_" };
    char *kept = errors;

    for (char *line = errors; *line != '\0';) {
        gsize len = strcspn(line, "\n");
        gsize step = line[len] == '\n' ? len + 1 : len;
        bool is_noise = len == 0;
        for (unsigned i = 0; i < G_N_ELEMENTS(noise) && !is_noise; i++) {
            is_noise = g_str_has_prefix(line, noise[i]);
        }
        if (!is_noise) {
            memmove(kept, line, step);
            kept += step;
        }
        line += step;
    }
    *kept = '\0';
    g_strchomp(errors);
}

int engine_run_tshark(const struct engine *engine, const char *path, gint64 deadline, char **document, char **errors,
                      enum child_event *event)
{
    char *file = g_canonicalize_filename(path, NULL);
    const char *const argv[] = { engine->tshark, "-q", "-r", file, "-z", "skypefp,report", NULL };
    int code = child_run(argv, engine->environment, deadline, document, errors, event);

    engine_strip_noise(*errors);
    if (*document != NULL && strstr(*document, "\"" REPORT_SCHEMA "\"") == NULL) {
        g_clear_pointer(document, g_free);
    }
    g_free(file);
    return code;
}

static bool make_folders(struct engine *engine, char **reason)
{
    GError *error = NULL;

    engine->folder = g_dir_make_tmp("skypefp-batch-XXXXXX", &error);
    if (engine->folder == NULL) {
        *reason = g_strdup_printf("No folder for temporary files: %s.", error->message);
        g_error_free(error);
        return false;
    }
    char *config = g_build_filename(engine->folder, "config", NULL);
    char *data = g_build_filename(engine->folder, "data", NULL);
    engine->empty_capture = g_build_filename(engine->folder, "empty.pcap", NULL);
    bool is_fine = g_mkdir(config, 0700) == 0 && g_mkdir(data, 0700) == 0;
    if (!is_fine) {
        *reason = g_strdup_printf("No folder below \"%s\": %s.", engine->folder, g_strerror(errno));
    }
    engine->environment = g_environ_setenv(engine->environment, "WIRESHARK_CONFIG_DIR", config, TRUE);
    engine->environment = g_environ_setenv(engine->environment, "WIRESHARK_DATA_DIR", data, TRUE);
    engine->environment = privileges_environment(engine->environment, data);
    g_free(config);
    g_free(data);
    return is_fine;
}

void engine_write_preferences(const struct engine *engine, const char *lines)
{
    char *path = g_build_filename(engine->folder, "config", "preferences", NULL);
    char *text = g_strconcat(lines, engine->near_misses ? "skypefp.near_misses: TRUE\n" : "", NULL);

    g_file_set_contents(path, text, -1, NULL); /* without it: slower, and no near misses */
    g_free(text);
    g_free(path);
}

static void write_empty_capture(const struct engine *engine, char **reason)
{
    GError *error = NULL;

    if (!g_file_set_contents(engine->empty_capture, empty_capture, sizeof empty_capture, &error)) {
        *reason = g_strdup_printf("%s.", error->message);
        g_error_free(error);
    }
}

/* The document is asked for once. stderr of tshark in *errors, NULL when it was not asked now. With the mutex held. */
static const char *ask_for_empty_document(struct engine *engine, char **errors)
{
    gint64 deadline = child_deadline(ENGINE_START_SECONDS);
    enum child_event event;

    *errors = NULL;
    if (engine->empty_document == NULL) {
        engine_run_tshark(engine, engine->empty_capture, deadline, &engine->empty_document, errors, &event);
    }
    return engine->empty_document;
}

const char *engine_empty_document(struct engine *engine)
{
    char *errors;

    g_mutex_lock(&engine->mutex);
    const char *document = ask_for_empty_document(engine, &errors);
    g_mutex_unlock(&engine->mutex);
    g_free(errors);
    return document;
}

bool engine_prefers_sharkd(const struct engine *engine, gint64 size, bool is_compressed)
{
    size = is_compressed ? size * EXPANSION : size;
    bool is_lean = engine->kind == ENGINE_LEAN || engine->kind == ENGINE_AUTO;

    return engine->sharkd != NULL && (engine->kind == ENGINE_SHARKD || (is_lean && size < LARGE_CAPTURE));
}

bool engine_tshark_has_plugin(struct engine *engine, char **reason)
{
    char *errors;

    g_mutex_lock(&engine->mutex);
    bool has_plugin = ask_for_empty_document(engine, &errors) != NULL;
    g_mutex_unlock(&engine->mutex);
    if (!has_plugin) {
        g_strdelimit(errors, "\n", '\0');
        *reason = g_strdup_printf("The plugin skypefp is not loaded by %s (%s).", engine->tshark,
                                  *errors != '\0' ? errors : "it said nothing");
    }
    g_free(errors);
    return has_plugin;
}

struct engine *engine_open(enum engine_kind kind, bool near_misses, char **reason)
{
    struct engine *engine = g_new0(struct engine, 1);
    char *text = NULL;

    engine->kind = kind;
    engine->near_misses = near_misses;
    g_mutex_init(&engine->mutex);
    g_mutex_init(&engine->start_mutex);
    engine->environment = g_environ_setenv(g_get_environ(), "LC_ALL", "C.UTF-8", TRUE);
    engine->tshark = engine_find_program("tshark", "SKYPEFP_TSHARK");
    engine->sharkd = engine_find_program("sharkd", "SKYPEFP_SHARKD");
    if (engine->tshark == NULL && !engine_is_direct(engine)) {
        text = g_strdup("tshark is not in PATH (Debian and Ubuntu: apt-get install tshark).");
    } else if (make_folders(engine, &text)) {
        write_empty_capture(engine, &text);
        engine_write_preferences(engine, "");
    }
    if (text != NULL) {
        *reason = text;
        engine_close(engine);
        return NULL;
    }
    return engine;
}

static void remove_folder(const char *folder)
{
    GDir *entries = g_dir_open(folder, 0, NULL);

    for (const char *name; entries != NULL && (name = g_dir_read_name(entries)) != NULL;) {
        char *path = g_build_filename(folder, name, NULL);
        if (g_file_test(path, G_FILE_TEST_IS_DIR) && !g_file_test(path, G_FILE_TEST_IS_SYMLINK)) {
            remove_folder(path);
        } else {
            g_unlink(path);
        }
        g_free(path);
    }
    if (entries != NULL) {
        g_dir_close(entries);
    }
    g_rmdir(folder);
}

void engine_close(struct engine *engine)
{
    if (engine->folder != NULL) {
        remove_folder(engine->folder);
    }
    g_free(engine->folder);
    g_free(engine->tshark);
    g_free(engine->sharkd);
    g_free(engine->empty_capture);
    g_free(engine->empty_document);
    g_free(engine->reason);
    g_mutex_clear(&engine->mutex);
    g_mutex_clear(&engine->start_mutex);
    g_strfreev(engine->environment);
    g_free(engine);
}
