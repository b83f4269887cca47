/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The report in Wireshark's Statistics menu: as JSON in a text window that saves it, and as an HTML page in a file. */
#include "report_window.h"

#include "command_line.h"
#include "destination.h"
#include "report_json.h"

#include <errno.h>

#include <epan/funnel.h>

static const char json_title[] = "Skype Fingerprint Report (JSON)", html_title[] = "Skype Fingerprint Report (HTML)";

/* ---- files ---- */

static bool write_report(const char *path, const char *text)
{
    char *reason = NULL;
    FILE *file = skypefp_destination_open(path, &(skypefp_protection){ 0 }, &reason);

    if (file == NULL) {
        skypefp_refuse("No report: %s.", reason);
        g_free(reason);
        return false;
    }
    bool is_written = fputs(text, file) >= 0;

    is_written = fclose(file) == 0 && is_written;
    if (!is_written) {
        skypefp_refuse("Couldn't write the report \"%s\": %s.", path, g_strerror(errno));
    }
    return is_written;
}

/* Asks for a file in the user's home folder. save is called with what was typed, which is its to free, and a copy of
 * the text. */
static void ask_for_file(const char *question, const char *name, const char *text, funnel_dlg_cb_t save)
{
    const funnel_ops_t *window_system = funnel_get_funnel_ops();
    char *path = g_build_filename(g_get_home_dir(), name, NULL);
    const char *names[] = { "File", NULL }, *values[] = { path, NULL };

    window_system->new_dialog(window_system->ops_id, question, names, values, save, g_strdup(text), g_free);
    g_free(path);
}

/* Reads the packets again for what only a tap sees: who answered, and the number of frames. *text: stays as it is if
 * that cannot be done. */
static void make_text(char *(*make)(struct listening *listening), char **text)
{
    const funnel_ops_t *window_system = funnel_get_funnel_ops();
    struct listening listening;
    char *error = skypefp_listen(&listening, NULL, NULL, NULL);

    if (error == NULL) {
        window_system->retap_packets(window_system->ops_id);
        *text = make(&listening);
    } else {
        skypefp_refuse("Couldn't start the report: %s", error);
        g_free(error);
    }
    skypefp_unlisten(&listening);
}

/* A window with a text and one button, which is called with the data; the data is freed with the window. */
static void open_window(const char *title, const char *text, const char *label, funnel_bt_cb_t press, char *data)
{
    const funnel_ops_t *window_system = funnel_get_funnel_ops();
    funnel_text_window_t *window = window_system->new_text_window(window_system->ops_id, title);
    funnel_bt_t *button = g_new0(funnel_bt_t, 1);

    *button = (funnel_bt_t){ .tw = window, .func = press, .data = data, .free_fcn = g_free, .free_data_fcn = g_free };
    window_system->set_text(window, text);
    window_system->add_button(window, button, label);
}

/* ---- JSON ---- */

static void save_json(char **typed, void *text)
{
    char *path = g_strstrip(typed[0]);

    if (path[0] != '\0') {
        write_report(path, text);
    }
    g_strfreev(typed);
}

static ws_bool ask_for_json(funnel_text_window_t *window _U_, void *text)
{
    ask_for_file("Save the report as JSON", "skypefp-report.json", text, save_json);
    return TRUE;
}

static void show_json(void *unused _U_)
{
    char *text = NULL;

    make_text(skypefp_make_report, &text);
    if (text != NULL) {
        open_window(json_title, text, "Save as JSON…", ask_for_json, text);
    }
}

/* ---- HTML ---- */

static ws_bool open_page(funnel_text_window_t *window _U_, void *path)
{
    char *uri = g_filename_to_uri(path, NULL, NULL); /* NULL: no absolute name, which a browser would not find */

    if (uri != NULL) {
        funnel_get_funnel_ops()->browser_open_url(uri);
    }
    g_free(uri);
    return TRUE;
}

static void save_page(char **typed, void *text)
{
    char *path = g_strstrip(typed[0]);

    if (path[0] != '\0' && write_report(path, text)) {
        char *absolute = g_canonicalize_filename(path, NULL);
        char *said = g_strdup_printf("The report is saved in %s.\n\nIt is one page without scripts, to be read in a "
                                     "browser, to be printed or passed on.\n",
                                     absolute);
        open_window(html_title, said, "Open in the browser", open_page, absolute);
        g_free(said);
    }
    g_strfreev(typed);
}

static void ask_for_page(void *unused _U_)
{
    char *text = NULL;

    make_text(skypefp_make_page, &text);
    if (text != NULL) {
        ask_for_file("Save the report as HTML", "skypefp-report.html", text, save_page);
    }
    g_free(text);
}

void skypefp_report_window_register(void)
{
    funnel_register_menu(json_title, REGISTER_PACKET_STAT_GROUP_UNSORTED, show_json, NULL, NULL, FALSE);
    funnel_register_menu(html_title, REGISTER_PACKET_STAT_GROUP_UNSORTED, ask_for_page, NULL, NULL, FALSE);
}
