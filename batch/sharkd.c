/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Talks JSON-RPC with sharkd and believes only answers about the capture that was asked for. */
#include "sharkd.h"

#include "capture.h"
#include "plain_text.h"
#include "report.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

enum { MAX_MEBIBYTES = 1024, MAX_LOADS = 2000 }; /* then it is restarted */

struct sharkd {
    const struct engine *engine;
    struct child *child; /* NULL: not running */
    char *link;          /* symbolic link used for names that JSON cannot hold */
    gint64 next_id;
    unsigned n_loads; /* of this process */
};

/* The three answers to one capture; NULL: not answered. */
struct answers {
    JsonObject *load, *tap, *status;
    gsize n_searched; /* bytes of the output that are known to hold no end of a line */
};

struct sharkd *sharkd_new(const struct engine *engine, unsigned worker)
{
    struct sharkd *sharkd = g_new0(struct sharkd, 1);
    char *name = g_strdup_printf("capture-of-worker-%u", worker);

    sharkd->engine = engine;
    sharkd->link = g_build_filename(engine->folder, name, NULL);
    sharkd->next_id = 1;
    g_free(name);
    return sharkd;
}

static void stop(struct sharkd *sharkd)
{
    child_kill(sharkd->child);
    sharkd->child = NULL;
}

void sharkd_free(struct sharkd *sharkd)
{
    stop(sharkd);
    g_free(sharkd->link);
    g_free(sharkd);
}

/* Resident memory of the process; 0 if unknown. */
static gint64 mebibytes(struct sharkd *sharkd)
{
    char *path = g_strdup_printf("/proc/%s/statm", g_subprocess_get_identifier(sharkd->child->process));
    char *text = NULL;
    gint64 pages = 0;

    if (g_file_get_contents(path, &text, NULL, NULL)) {
        char *resident;
        g_ascii_strtoll(text, &resident, 10); /* the first number is all memory, the second what is resident */
        pages = g_ascii_strtoll(resident, NULL, 10);
    }
    g_free(text);
    g_free(path);
    return pages * sysconf(_SC_PAGESIZE) / (1 << 20);
}

bool sharkd_start(struct sharkd *sharkd)
{
    const char *const argv[] = { sharkd->engine->sharkd, "-", NULL };

    if (sharkd->child != NULL && (++sharkd->n_loads > MAX_LOADS || mebibytes(sharkd) > MAX_MEBIBYTES)) {
        stop(sharkd);
    }
    if (sharkd->child == NULL) {
        sharkd->child = child_start(argv, sharkd->engine->environment, true, NULL);
        sharkd->n_loads = 1;
    }
    return sharkd->child != NULL;
}

static char *quote(const char *text)
{
    JsonNode *node = json_node_init_string(json_node_alloc(), text);
    char *quoted = json_to_string(node, FALSE);

    json_node_unref(node);
    return quoted;
}

static bool ask(struct sharkd *sharkd, const char *file)
{
    char *name = quote(file);
    gint64 id = sharkd->next_id;
    char *text = g_strdup_printf("{\"jsonrpc\":\"2.0\",\"id\":%" G_GINT64_FORMAT
                                 ",\"method\":\"load\",\"params\":{\"file\":%s}}\n"
                                 "{\"jsonrpc\":\"2.0\",\"id\":%" G_GINT64_FORMAT
                                 ",\"method\":\"tap\",\"params\":{\"tap0\":\"nstat:skypefp,document\"}}\n"
                                 "{\"jsonrpc\":\"2.0\",\"id\":%" G_GINT64_FORMAT ",\"method\":\"status\"}\n",
                                 id, name, id + 1, id + 2);
    bool is_written = child_write(sharkd->child, text, strlen(text));

    sharkd->next_id += 3;
    g_free(text);
    g_free(name);
    return is_written;
}

/* Sorts the complete lines that sharkd wrote into the answers; id: of the load. */
static void take_lines(GString *output, struct answers *answers, gint64 id)
{
    char *end;

    while ((end = memchr(output->str + answers->n_searched, '\n', output->len - answers->n_searched)) != NULL) {
        *end = '\0';
        JsonObject *answer = report_parse(output->str);
        gint64 of = answer != NULL ? report_number(answer, "id", -1) : -1;
        JsonObject **place = of == id       ? &answers->load
                             : of == id + 1 ? &answers->tap
                             : of == id + 2 ? &answers->status
                                            : NULL;
        if (place != NULL && *place == NULL) {
            *place = answer;
        } else if (answer != NULL) {
            json_object_unref(answer);
        }
        g_string_erase(output, 0, end - output->str + 1);
        answers->n_searched = 0;
    }
    answers->n_searched = output->len;
}

static enum sharkd_outcome wait_for_status(struct sharkd *sharkd, struct answers *answers, gint64 id, gint64 deadline)
{
    while (answers->status == NULL) {
        switch (child_read(sharkd->child, deadline)) {
        case CHILD_WROTE:
            take_lines(sharkd->child->output, answers, id);
            break;
        case CHILD_ENDED:
            return SHARKD_CONFUSED;
        case CHILD_TIME_LIMIT:
            return SHARKD_TIME_LIMIT;
        case CHILD_INTERRUPTED:
            return SHARKD_INTERRUPTED;
        }
    }
    child_read(sharkd->child, 0); /* what stderr holds by now */
    return SHARKD_READ;
}

/* The status names the capture that is loaded: base name and size. */
static bool is_about(JsonObject *status, const char *file, gint64 size)
{
    JsonObject *result = report_object(status, "result");
    char *base = g_path_get_basename(file);
    bool is_same = result != NULL && g_strcmp0(report_string(result, "filename"), base) == 0 &&
                   report_number(result, "filesize", -1) == size;

    g_free(base);
    return is_same;
}

static JsonArray *first_array(JsonArray *array)
{
    JsonNode *node = array != NULL && json_array_get_length(array) > 0 ? json_array_get_element(array, 0) : NULL;

    return node != NULL && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
}

static JsonObject *first_object(JsonArray *array)
{
    return array != NULL && json_array_get_length(array) > 0 ? report_object_at(array, 0) : NULL;
}

/* The cell of the table; *has_table: whether there was a table at all. */
static char *find_document(JsonObject *tap, bool *has_table)
{
    JsonObject *result = tap != NULL ? report_object(tap, "result") : NULL;
    JsonObject *answer = result != NULL ? first_object(report_array(result, "taps")) : NULL;
    JsonObject *table = answer != NULL ? first_object(report_array(answer, "tables")) : NULL;
    JsonArray *row = table != NULL ? first_array(report_array(table, "i")) : NULL;

    *has_table = table != NULL;
    return row != NULL && json_array_get_length(row) > 0 ? g_strdup(json_array_get_string_element(row, 0)) : NULL;
}

static enum sharkd_outcome check_answers(const struct answers *answers, const char *file, gint64 size, char **document)
{
    bool has_table;
    JsonObject *status = report_object(answers->status, "result");

    if (answers->load != NULL && report_object(answers->load, "error") != NULL) {
        return SHARKD_REFUSED;
    }
    if (!is_about(answers->status, file, size)) {
        return SHARKD_CONFUSED;
    }
    *document = find_document(answers->tap, &has_table);
    return has_table && (*document != NULL) == (report_number(status, "frames", -1) > 0) ? SHARKD_READ
                                                                                         : SHARKD_CONFUSED;
}

/* 4.0 leaves the load of a damaged capture unanswered, later versions answer with another status. */
static bool is_loaded_whole(JsonObject *load)
{
    JsonObject *result = load != NULL ? report_object(load, "result") : NULL;

    return result != NULL && g_strcmp0(report_string(result, "status"), "OK") == 0;
}

static void free_answers(struct answers *answers)
{
    g_clear_pointer(&answers->load, json_object_unref);
    g_clear_pointer(&answers->tap, json_object_unref);
    g_clear_pointer(&answers->status, json_object_unref);
}

/* The absolute path, or that of a link to it when JSON cannot hold its name. */
static char *nameable(struct sharkd *sharkd, const char *path)
{
    char *file = g_canonicalize_filename(path, NULL);
    bool is_escaped;
    char *dot = strchr(strrchr(file, '/'), '.');

    g_free(skypefp_escape_name(file, &is_escaped));
    if (!is_escaped) {
        return file;
    }
    /* Wireshark looks at a name's ending too. */
    char *ending = dot != NULL ? skypefp_escape_name(dot, &is_escaped) : g_strdup("");
    char *link = g_strconcat(sharkd->link, ending, NULL);
    g_unlink(link);
    if (symlink(file, link) != 0) {
        g_clear_pointer(&link, g_free);
    }
    g_free(ending);
    g_free(file);
    return link;
}

enum sharkd_outcome sharkd_read(struct sharkd *sharkd, const char *path, gint64 size, gint64 deadline, char **document,
                                char **errors, bool *is_damaged)
{
    struct answers answers = { 0 };
    gint64 id = sharkd->next_id;
    char *file = nameable(sharkd, path);
    enum sharkd_outcome outcome = SHARKD_CONFUSED;

    *document = *errors = NULL;
    *is_damaged = false;
    if (file != NULL && sharkd_start(sharkd) && ask(sharkd, file)) {
        outcome = wait_for_status(sharkd, &answers, id, deadline);
        *errors = g_strdup(sharkd->child->errors->str);
        g_string_truncate(sharkd->child->errors, 0);
        engine_strip_noise(*errors);
    }
    if (outcome == SHARKD_READ) {
        outcome = check_answers(&answers, file, size, document);
        *is_damaged = !is_loaded_whole(answers.load);
    }
    if (outcome != SHARKD_READ && outcome != SHARKD_REFUSED) {
        stop(sharkd);
        g_clear_pointer(document, g_free);
    }
    free_answers(&answers);
    g_free(file);
    return outcome;
}

bool sharkd_has_plugin(struct sharkd *sharkd)
{
    gint64 deadline = child_deadline(ENGINE_START_SECONDS);
    char *document, *errors;
    bool is_damaged;
    enum sharkd_outcome outcome = sharkd_read(sharkd, sharkd->engine->empty_capture, ENGINE_EMPTY_OCTETS, deadline,
                                              &document, &errors, &is_damaged);

    g_free(document);
    g_free(errors);
    return outcome == SHARKD_READ;
}
