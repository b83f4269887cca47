/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tshark -z skypefp,report[,file] and skypefp,html[,file]: the capture as one JSON document (skypefp-report/2), and
 * as one page. */
#include "tap_report.h"

#include "command_line.h"
#include "destination.h"
#include "report_json.h"

#include <errno.h>
#include <unistd.h>

#include <epan/stat_tap_ui.h>

/* A document that -z asks for. */
struct kind {
    const char *name;
    char *(*make)(struct listening *listening); /* its text, freed with g_free() */
};

static struct kind kinds[] = { { "skypefp,report", skypefp_make_report }, { "skypefp,html", skypefp_make_page } };

/* One -z skypefp,report or skypefp,html. */
struct report {
    const struct kind *kind;
    struct listening listening;
    FILE *file; /* stdout, or the file that was named; NULL after an error that was reported */
    char *path; /* NULL: stdout */
};

/* The window draws again whenever it reads the packets again: the file keeps the last document alone. Anything that
 * is not a file, such as a pipe, cannot be emptied and gets them all. */
static bool empty_file(FILE *file)
{
    rewind(file);
    return ftruncate(fileno(file), 0) == 0 || errno == EINVAL; /* no regular file */
}

static void write_report(void *data)
{
    struct report *report = data;

    if (report->file == NULL || !skypefp_can_draw(&report->listening)) {
        return;
    }
    char *text = report->kind->make(&report->listening);
    bool is_written = (report->path == NULL || empty_file(report->file)) && fputs(text, report->file) >= 0 &&
                      fflush(report->file) == 0;
    g_free(text);
    if (!is_written) {
        report->file = NULL;
        skypefp_refuse("Couldn't write the report \"%s\": %s.", report->path != NULL ? report->path : "-",
                       g_strerror(errno));
    }
}

static stat_tap_init_result start_report(const char *argument, void *data)
{
    const struct kind *kind = data;
    const char *name = kind->name, *path = skypefp_option_tail(argument, name);

    if (path == NULL) {
        skypefp_refuse("Unknown statistic \"%s\": expected \"%s\" or \"%s,<file>\".", argument, name, name);
        return STAT_TAP_INIT_FAILED;
    }
    struct report *report = wmem_new0(wmem_epan_scope(), struct report);
    report->kind = kind;
    report->path = path[0] != '\0' ? wmem_strdup(wmem_epan_scope(), path) : NULL;
    report->file = stdout;
    if (report->path != NULL) {
        char *reason = NULL;
        report->file = skypefp_destination_open(report->path, &(skypefp_protection){ 0 }, &reason);
        if (report->file == NULL) {
            skypefp_refuse("No report: %s.", reason);
            g_free(reason);
            return STAT_TAP_INIT_FAILED;
        }
    }
    char *error = skypefp_listen(&report->listening, NULL, write_report, report);
    if (error != NULL) {
        skypefp_refuse("Couldn't start \"%s\": %s", argument, error);
        g_free(error);
        return STAT_TAP_INIT_FAILED;
    }
    return STAT_TAP_INIT_DONE;
}

void skypefp_report_register(void)
{
    static stat_tap_ui uis[G_N_ELEMENTS(kinds)];

    for (unsigned i = 0; i < G_N_ELEMENTS(kinds); i++) {
        uis[i] = (stat_tap_ui){
            .group = REGISTER_PACKET_STAT_GROUP_UNSORTED,
            .cli_string = kinds[i].name,
            .tap_init_cb = start_report,
        };
        register_stat_tap_ui(&uis[i], &kinds[i]);
    }
}
