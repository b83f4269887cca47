/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The report in a text window of Wireshark. */
#include "report_window.h"

#include "command_line.h"
#include "destination.h"
#include "report_json.h"

#include <errno.h>

#include <epan/funnel.h>

static const char title[] = "Skype Fingerprint Report (JSON)";

static void write_report(const char *path, const char *text)
{
    char *reason = NULL;
    FILE *file = skypefp_destination_open(path, &(skypefp_protection){ 0 }, &reason);

    if (file == NULL) {
        skypefp_refuse("No report: %s.", reason);
        g_free(reason);
        return;
    }
    bool is_written = fputs(text, file) >= 0;

    if (fclose(file) != 0 || !is_written) {
        skypefp_refuse("Couldn't write the report \"%s\": %s.", path, g_strerror(errno));
    }
}

/* Called with what was typed, which is ours to free: the name of the file. text: a copy of the document. */
static void save_report(char **typed, void *text)
{
    char *path = g_strstrip(typed[0]);

    if (path[0] != '\0') {
        write_report(path, text);
    }
    g_strfreev(typed);
}

static ws_bool ask_for_file(funnel_text_window_t *window _U_, void *text)
{
    const funnel_ops_t *window_system = funnel_get_funnel_ops();
    char *path = g_build_filename(g_get_home_dir(), "skypefp-report.json", NULL);
    const char *names[] = { "File", NULL }, *values[] = { path, NULL };

    window_system->new_dialog(window_system->ops_id, "Save the report as JSON", names, values, save_report,
                              g_strdup(text), g_free);
    g_free(path);
    return TRUE;
}

/* Reads the packets again for what only a tap sees: who answered, and the number of frames. */
static char *make_report(const funnel_ops_t *window_system)
{
    struct listening listening;
    char *error = skypefp_listen(&listening, NULL, NULL, NULL), *text = NULL;

    if (error == NULL) {
        window_system->retap_packets(window_system->ops_id);
        text = skypefp_make_report(&listening);
    } else {
        skypefp_refuse("Couldn't start the report: %s", error);
        g_free(error);
    }
    skypefp_unlisten(&listening);
    return text;
}

static void show_report(void *unused _U_)
{
    const funnel_ops_t *window_system = funnel_get_funnel_ops();
    char *text = make_report(window_system);

    if (text == NULL) {
        return;
    }
    funnel_text_window_t *window = window_system->new_text_window(window_system->ops_id, title);
    funnel_bt_t *button = g_new0(funnel_bt_t, 1);

    *button =
        (funnel_bt_t){ .tw = window, .func = ask_for_file, .data = text, .free_fcn = g_free, .free_data_fcn = g_free };
    window_system->set_text(window, text);
    window_system->add_button(window, button, "Save as JSON…");
}

void skypefp_report_window_register(void)
{
    funnel_register_menu(title, REGISTER_PACKET_STAT_GROUP_UNSORTED, show_report, NULL, NULL, FALSE);
}
