/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Examines the Wireshark that this user has: version, plugin folders, the plugin, its switches. */
#include "doctor.h"

#include "engine.h"
#include "inflate.h"
#include "options.h"
#include "skypefp_version.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { ASK_SECONDS = 60 };

struct findings {
    FILE *file;
    char *tshark;
    char *series;       /* "4.0" */
    char *loaded;       /* path of the plugin that tshark loaded; NULL: none */
    char *complaint;    /* what tshark said about the plugin on stderr; NULL: nothing */
    GPtrArray *folders; /* that tshark scans */
    GPtrArray *strays;  /* copies of skypefp.so outside the folders */
    char *config, *global_config;
    bool is_loaded, has_warnings;
};

static void say(const struct findings *findings, const char *label, const char *text)
{
    fprintf(findings->file, "  %-18s %s\n", label, text);
}

static void advise(struct findings *findings, const char *text)
{
    findings->has_warnings = true;
    fprintf(findings->file, "  %-18s -> %s\n", "", text);
}

/* As Wireshark sees it. */
static bool is_root(void)
{
    return getuid() == 0 || getgid() == 0;
}

/* stdout of tshark in the user's own environment, as lines; stderr in *errors when wanted. */
static char **ask(const struct findings *findings, const char *option, const char *what, char **errors)
{
    const char *const argv[] = { findings->tshark, option, what, NULL };
    char **environment = g_get_environ();
    char *output, *complaints;
    enum child_event event;

    child_run(argv, environment, child_deadline(ASK_SECONDS), &output, &complaints, &event);
    char **lines = g_strsplit(output != NULL ? output : "", "\n", -1);
    if (errors != NULL) {
        engine_strip_noise(complaints);
        *errors = g_steal_pointer(&complaints);
    }
    g_free(complaints);
    g_free(output);
    g_strfreev(environment);
    return lines;
}

static void find_version(struct findings *findings)
{
    char **lines = ask(findings, "--version", NULL, NULL);
    const char *number = lines[0] != NULL ? strstr(lines[0], ") ") : NULL;

    say(findings, "Wireshark", lines[0] != NULL && *lines[0] != '\0' ? lines[0] : "tshark printed no version");
    say(findings, "tshark", findings->tshark);
    if (number != NULL && g_ascii_isdigit(number[2])) {
        char **parts = g_strsplit(number + 2, ".", 3);
        findings->series = parts[1] != NULL ? g_strdup_printf("%s.%s", parts[0], parts[1]) : NULL;
        g_strfreev(parts);
    }
    g_strfreev(lines);
    char *sharkd = engine_find_program("sharkd", "SKYPEFP_SHARKD");
    say(findings, "sharkd",
        sharkd != NULL ? sharkd : "not found: each capture is read by its own tshark, which is slower");
    g_free(sharkd);
}

static void find_folders(struct findings *findings)
{
    char **lines = ask(findings, "-G", "folders", NULL);
    const char *named = g_getenv("WIRESHARK_PLUGIN_DIR");

    for (char **line = lines; *line != NULL; line++) {
        char *value = strchr(*line, '\t');
        if (value == NULL) {
            continue;
        }
        g_strstrip(value);
        if (g_str_has_prefix(*line, "Global Plugins:") ||
            (g_str_has_prefix(*line, "Personal Plugins:") && !is_root())) {
            g_ptr_array_add(findings->folders, g_build_filename(value, "epan", NULL));
        } else if (g_str_has_prefix(*line, "Personal Plugins:")) {
            g_ptr_array_add(findings->strays, g_build_filename(value, "epan", "skypefp.so", NULL));
        } else if (g_str_has_prefix(*line, "Personal configuration:")) {
            findings->config = g_strdup(value);
        } else if (g_str_has_prefix(*line, "Global configuration:")) {
            findings->global_config = g_strdup(value);
        }
    }
    if (named != NULL && is_root() && findings->series != NULL) {
        g_ptr_array_add(findings->strays, g_build_filename(named, findings->series, "epan", "skypefp.so", NULL));
    }
    g_strfreev(lines);
}

static void find_plugin(struct findings *findings)
{
    char **lines = ask(findings, "-G", "plugins", &findings->complaint);

    for (char **line = lines; *line != NULL && !findings->is_loaded; line++) {
        char **columns = g_strsplit(*line, "\t", -1);
        guint n = g_strv_length(columns);
        if (n >= 4 && strcmp(g_strstrip(columns[0]), "skypefp.so") == 0) {
            findings->is_loaded = true;
            findings->loaded = g_strdup(columns[n - 1]);
            char *text = g_strdup_printf("version %s, %s", g_strstrip(columns[1]), findings->loaded);
            say(findings, "plugin loaded", text);
            g_free(text);
            if (strcmp(columns[1], SKYPEFP_VERSION) != 0) {
                advise(findings, "skypefp-batch is version " SKYPEFP_VERSION ": install both from the same build");
            }
        }
        g_strfreev(columns);
    }
    g_strfreev(lines);
}

/* Copies for another series of Wireshark beside the folders that are scanned: .../plugins/4.4/epan beside
 * .../plugins/4.0/epan. */
static void find_strays(struct findings *findings)
{
    for (guint i = 0; i < findings->folders->len; i++) {
        char *series = g_path_get_dirname(g_ptr_array_index(findings->folders, i));
        char *plugins = g_path_get_dirname(series);
        GDir *entries = g_dir_open(plugins, 0, NULL);
        for (const char *name; entries != NULL && (name = g_dir_read_name(entries)) != NULL;) {
            char *path = g_build_filename(plugins, name, "epan", "skypefp.so", NULL);
            if (g_strcmp0(name, findings->series) != 0) {
                g_ptr_array_add(findings->strays, g_steal_pointer(&path));
            }
            g_free(path);
        }
        if (entries != NULL) {
            g_dir_close(entries);
        }
        g_free(plugins);
        g_free(series);
    }
}

static void explain_absence(struct findings *findings)
{
    bool is_found = false;

    say(findings, "plugin loaded", "NO");
    for (guint i = 0; i < findings->folders->len; i++) {
        char *path = g_build_filename(g_ptr_array_index(findings->folders, i), "skypefp.so", NULL);
        bool exists = access(path, F_OK) == 0;
        is_found = is_found || exists;
        char *text = g_strdup_printf("%s (%s)", path,
                                     !exists                   ? "not there"
                                     : access(path, R_OK) != 0 ? "not readable"
                                                               : "there");
        say(findings, "looked for", text);
        g_free(text);
        g_free(path);
    }
    if (findings->complaint != NULL && *findings->complaint != '\0') {
        say(findings, "Wireshark says", findings->complaint);
    }
    advise(findings,
           is_found ? "Wireshark refuses it: build and install it again for this version of Wireshark"
           : is_root()
               ? "install it for all users: ./run install, or cmake --install BUILD"
               : "install it: ./run install, or set WIRESHARK_PLUGIN_DIR to the folder that holds X.Y/epan/skypefp.so");
}

static void report_strays(struct findings *findings)
{
    for (guint i = 0; i < findings->strays->len; i++) {
        const char *path = g_ptr_array_index(findings->strays, i);
        char *series = findings->series != NULL ? g_strdup_printf("/%s/epan/", findings->series) : g_strdup("//");
        if (access(path, F_OK) == 0) {
            say(findings, "ignored", path);
            advise(findings, strstr(path, series) == NULL
                                 ? "this copy is for another series of Wireshark: build it against this one (ABI)"
                             : is_root()
                                 ? "Wireshark ignores personal plugins and WIRESHARK_PLUGIN_DIR for root: run it as an "
                                   "ordinary user or install it for all users"
                                 : "Wireshark does not look there");
        }
        g_free(series);
    }
}

static bool has_line(const char *folder, const char *name, const char *wanted)
{
    char *path = folder != NULL ? g_build_filename(folder, name, NULL) : NULL;
    char *text = NULL;
    bool found = false;

    if (path != NULL && g_file_get_contents(path, &text, NULL, NULL)) {
        char **lines = g_strsplit(text, "\n", -1);
        found = g_strv_contains((const gchar *const *)lines, wanted);
        g_strfreev(lines);
    }
    g_free(text);
    g_free(path);
    return found;
}

/* Whether this user's configuration switched a heuristic off. (tshark -G heuristic-decodes shows only the
 * default.) */
static void report_heuristic(struct findings *findings, const char *name)
{
    char *line = g_strdup_printf("%s,0", name);
    bool is_off = has_line(findings->config, "heuristic_protos", line);

    say(findings, name, is_off ? "OFF" : "on");
    if (is_off) {
        char *advice =
            g_strdup_printf("switch it on: Analyze > Enabled Protocols, or tshark --enable-heuristic %s", name);
        advise(findings, advice);
        g_free(advice);
    }
    g_free(line);
}

static void report_protocol(struct findings *findings)
{
    bool is_off = has_line(findings->config, "disabled_protos", "skypefp") ||
                  has_line(findings->global_config, "disabled_protos", "skypefp");

    say(findings, "protocol SkypeFP", is_off ? "OFF" : "on");
    if (is_off) {
        advise(findings, "switch it on: Analyze > Enabled Protocols (batch runs are unaffected: they use a "
                         "configuration of their own)");
    }
}

static void examine_all(struct findings *findings)
{
    find_version(findings);
    say(findings, "user", is_root() ? "root: personal plugins and WIRESHARK_PLUGIN_DIR are ignored" : "not root");
    find_folders(findings);
    for (guint i = 0; i < findings->folders->len; i++) {
        say(findings, "plugin folder", g_ptr_array_index(findings->folders, i));
    }
    find_plugin(findings);
    find_strays(findings);
    if (!findings->is_loaded) {
        explain_absence(findings);
    } else {
        report_heuristic(findings, "skypefp_udp");
        report_heuristic(findings, "skypefp_tcp");
        report_protocol(findings);
    }
    report_strays(findings);
}

static int examine_to(FILE *file)
{
    struct findings findings = { .file = file, .tshark = engine_find_program("tshark", "SKYPEFP_TSHARK") };

    findings.folders = g_ptr_array_new_with_free_func(g_free);
    findings.strays = g_ptr_array_new_with_free_func(g_free);
    say(&findings, "without Wireshark", "pcap and pcapng, plain or compressed with " INFLATE_FORMATS);
    if (findings.tshark == NULL) {
        say(&findings, "tshark", "NOT FOUND in PATH: what only Wireshark can decide is reported as needs-wireshark");
        advise(&findings, "install it (Debian and Ubuntu: apt-get install tshark)");
    } else {
        examine_all(&findings);
    }
    g_ptr_array_unref(findings.folders);
    g_ptr_array_unref(findings.strays);
    g_free(findings.tshark);
    g_free(findings.series);
    g_free(findings.loaded);
    g_free(findings.complaint);
    g_free(findings.config);
    g_free(findings.global_config);
    return !findings.is_loaded ? EXIT_USAGE : findings.has_warnings ? EXIT_FINDINGS : EXIT_NOTHING;
}

int doctor_examine(void)
{
    printf("skypefp-batch %s\n", SKYPEFP_VERSION);
    int code = examine_to(stdout);
    printf("%s\n", code == EXIT_NOTHING    ? "Everything is fine."
                   : code == EXIT_FINDINGS ? "The plugin is loaded; see the arrows."
                                           : "The plugin is not loaded; see the arrows.");
    return code;
}

void doctor_explain(void)
{
    examine_to(stderr);
}
