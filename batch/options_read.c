/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the command line: run, merge and doctor. */
#include "options_read.h"

#include "command_line.h"
#include "complaint.h"
#include "option_values.h"
#include "output_formats.h"
#include "resume.h"
#include "skypefp_version.h"

#include <stdio.h>

static const char run_summary[] =
    "Finds peer-to-peer Skype in captures, several at a time. Folders are searched recursively; - is a capture on "
    "stdin.\n"
    "Other commands: skypefp-batch merge REPORT..., skypefp-batch doctor (each with --help).";
static const char run_description[] =
    "Each -o belongs to the --format before it; both can be given several times.\n\n"
    "Exit status: 0 no findings; 1 findings; 2 no findings, but some captures could not be read to their end;\n"
    "3 nothing was examined (wrong usage, no captures, a report that cannot be read or written, the plugin is not\n"
    "loaded); 4 findings, and some captures could not be read to their end; 129, 130 or 143 ended by SIGHUP, SIGINT\n"
    "or SIGTERM, with a valid report on the captures that were finished. Captures are never written to.";
static const char merge_summary[] =
    "Joins the JSON Lines reports of several runs: of shards, or of the files of a ring buffer.\n"
    "The evidence of an endpoint adds up. The order does not matter, and nothing counts twice.";
static const char merge_description[] =
    "Each -o belongs to the --format before it; both can be given several times.\n\n"
    "Exit status: 0 no findings; 1 findings; 2 no findings, but some captures could not be read to their end, or a\n"
    "report has unfinished lines; 3 nothing was merged (wrong usage, no captures, a report that cannot be read or\n"
    "written); 4 findings, and damage as for 2.";
static const char doctor_summary[] = "Reports whether Wireshark loads the plugin, and what to do if it does not.";
static const char doctor_description[] =
    "Exit status: 0 everything is fine; 1 something should be changed (batch runs are unaffected);\n"
    "3 the plugin is not loaded.";

/* GOptionContext fills in plain types; they are checked afterwards. */
struct plain {
    gint n_workers;
    gdouble timeout;
    gboolean quiet, null, same_network, version, allow_empty, force, all, watch, follow, near_misses;
    char *list, *resume, *extract;
    char **arguments, **excluded;
};

#define CALLBACK(function) G_OPTION_ARG_CALLBACK, (gpointer)(guintptr)(function)

static void add_run_entries(GArray *entries, struct plain *plain)
{
    const GOptionEntry added[] = {
        { "list", 'l', 0, G_OPTION_ARG_FILENAME, &plain->list,
          "Read names of captures and folders from FILE, one per line (-: stdin)", "FILE" },
        { "null", '0', 0, G_OPTION_ARG_NONE, &plain->null, "Names in --list are NUL-terminated", NULL },
        { "jobs", 'j', 0, G_OPTION_ARG_INT, &plain->n_workers,
          "Read N captures at a time (default: number of processors)", "N" },
        { "timeout", 't', 0, G_OPTION_ARG_DOUBLE, &plain->timeout, "Time limit for one capture (default: 300)",
          "SECONDS" },
        { "resume", 'r', 0, G_OPTION_ARG_FILENAME, &plain->resume,
          "Skip captures already covered by REPORT (JSON Lines), matched by content hash", "REPORT" },
        { "exclude", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &plain->excluded,
          "Skip files and folders whose name matches GLOB when searching folders", "GLOB" },
        { "watch", 0, 0, G_OPTION_ARG_NONE, &plain->watch,
          "Keep searching the folders; examine each file once, when it is finished", NULL },
        { "follow", 0, 0, G_OPTION_ARG_NONE, &plain->follow,
          "With - and --format jsonl: print each endpoint as soon as it is likely, and when it is certain", NULL },
        { "extract", 0, 0, G_OPTION_ARG_FILENAME, &plain->extract,
          "Write the marked packets of each capture, and those they depend on, into FOLDER", "FOLDER" },
        { "near-misses", 0, 0, G_OPTION_ARG_NONE, &plain->near_misses,
          "Also report what narrowly was not evidence (html, jsonl)", NULL },
        { "all", 'a', 0, G_OPTION_ARG_NONE, &plain->all,
          "List every finding in the table, not just the strongest 8 of each capture", NULL },
        { "engine", 0, 0, CALLBACK(option_read_engine),
          "auto (default), direct, lean, sharkd or tshark: the same report at another speed", "ENGINE" },
        { "format", 'f', 0, CALLBACK(option_read_format), "table (default), jsonl, junit, csv, zeek or html",
          "FORMAT" },
    };

    g_array_append_vals(entries, added, G_N_ELEMENTS(added));
}

static void add_merge_entries(GArray *entries, struct plain *plain)
{
    const GOptionEntry added[] = {
        { "same-network", 0, 0, G_OPTION_ARG_NONE, &plain->same_network,
          "The captures are from one network: a private address is one machine", NULL },
        { "format", 'f', 0, CALLBACK(option_read_format), "json (default) or table", "FORMAT" },
    };

    g_array_append_vals(entries, added, G_N_ELEMENTS(added));
}

/* Of both. */
static void add_report_entries(GArray *entries, struct plain *plain)
{
    const GOptionEntry added[] = {
        { "output", 'o', 0, CALLBACK(option_read_path), "Write to FILE instead of stdout", "FILE" },
        { "fail-on", 0, 0, CALLBACK(option_read_bar),
          "Exit with 1 if any verdict is at least VERDICT: certain, likely (default), possible; or never", "VERDICT" },
        { "on-damage", 0, 0, CALLBACK(option_read_on_damage),
          "If captures cannot be read to their end: fail (default), warn or ignore", "WHAT" },
        { "allow-empty", 0, 0, G_OPTION_ARG_NONE, &plain->allow_empty, "Exit with 0 even if there are no captures",
          NULL },
        { "force", 0, 0, G_OPTION_ARG_NONE, &plain->force,
          "Let -o replace a text file that is not a report (never a capture)", NULL },
        { "color", 0, 0, CALLBACK(option_read_color), "Color in the table: auto (default), always or never", "WHEN" },
        { "quiet", 'q', 0, G_OPTION_ARG_NONE, &plain->quiet, "Print no progress and no notes on stderr", NULL },
    };

    g_array_append_vals(entries, added, G_N_ELEMENTS(added));
}

static void add_common_entries(GArray *entries, struct plain *plain)
{
    const GOptionEntry added[] = {
        { "version", 'V', 0, G_OPTION_ARG_NONE, &plain->version, "Print the version", NULL },
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &plain->arguments, NULL, NULL },
    };

    g_array_append_vals(entries, added, G_N_ELEMENTS(added));
}

/* The options of a command: GOptionEntry, with an empty one after the last. */
static GArray *list_entries(enum command command, struct plain *plain)
{
    GArray *entries = g_array_new(TRUE, TRUE, sizeof(GOptionEntry));

    if (command == COMMAND_RUN) {
        add_run_entries(entries, plain);
    } else if (command == COMMAND_MERGE) {
        add_merge_entries(entries, plain);
    }
    if (command != COMMAND_DOCTOR) {
        add_report_entries(entries, plain);
    }
    add_common_entries(entries, plain);
    return entries;
}

static GOptionContext *make_context(enum command command, struct options *options, const GArray *entries)
{
    static const char *const operands[] = { "FILE|FOLDER...", "REPORT...", "" };
    static const char *const summaries[] = { run_summary, merge_summary, doctor_summary };
    static const char *const descriptions[] = { run_description, merge_description, doctor_description };
    GOptionContext *context = g_option_context_new(operands[command]);
    GOptionGroup *group = g_option_group_new("skypefp-batch", "", "", options, NULL);

    g_option_group_add_entries(group, &g_array_index(entries, GOptionEntry, 0));
    g_option_context_set_main_group(context, group);
    g_option_context_set_summary(context, summaries[command]);
    g_option_context_set_description(context, descriptions[command]);
    return context;
}

/* Whether the first -o is before any --format, and one of the formats has none. */
static bool is_path_misplaced(const GPtrArray *outputs)
{
    const struct output *first = g_ptr_array_index(outputs, 0);
    bool is_misplaced = false;

    for (guint i = 1; i < outputs->len && first->format == NULL; i++) {
        is_misplaced = is_misplaced || ((const struct output *)g_ptr_array_index(outputs, i))->path == NULL;
    }
    return is_misplaced;
}

static void apply(struct options *options, struct plain *plain)
{
    options->arguments = plain->arguments != NULL ? plain->arguments : g_new0(char *, 1);
    options->list = plain->list;
    options->resume = plain->resume;
    options->extract = plain->extract;
    options->timeout_seconds = plain->timeout;
    options->n_workers = (unsigned)plain->n_workers;
    options->is_quiet = plain->quiet;
    options->is_null_separated = plain->null;
    options->same_network = plain->same_network;
    options->allow_empty = plain->allow_empty;
    options->force = plain->force;
    options->near_misses = plain->near_misses;
    options->excluded = plain->excluded;
    options->is_watching = plain->watch;
    options->is_following = plain->follow;
    if (options->outputs->len == 0) {
        g_ptr_array_add(options->outputs, output_new(NULL));
    }
    options->is_path_misplaced = is_path_misplaced(options->outputs);
    for (guint i = 0; i < options->outputs->len; i++) {
        struct output *output = g_ptr_array_index(options->outputs, i);
        output->format = output->format != NULL ? output->format : output_format_default(options->writes);
        if (g_strcmp0(output->path, "-") == 0) {
            g_clear_pointer(&output->path, g_free);
        }
        output->command_line = options->command_line;
        output->style.shows_all = plain->all;
        output->style.has_color =
            options->always_colors || (!options->never_colors && output->path == NULL && style_wants_color());
    }
    resume_follow_links(options);
}

bool options_read(struct options *options, enum command command, int argc, char **argv, int *code)
{
    static const char *const names[] = { "skypefp-batch", "skypefp-batch merge", "skypefp-batch doctor" };
    struct plain plain = { .timeout = 300, .n_workers = MIN((int)g_get_num_processors(), MAX_WORKERS) };
    GError *error = NULL;

    *options = (struct options){ .outputs = g_ptr_array_new_with_free_func(output_free), .fail_on = SKYPEFP_LIKELY };
    options->writes = command == COMMAND_MERGE ? OUTPUT_OF_MERGE : OUTPUT_OF_RUN;
    g_set_prgname(names[command]); /* for --help */
    options->command_line = command_line_quote(argc, argv);
    GArray *entries = list_entries(command, &plain);
    GOptionContext *context = make_context(command, options, entries);
    char **words = command_line_split(entries, argc, argv);
    bool is_parsed = g_option_context_parse_strv(context, &words, &error);
    *code = EXIT_USAGE;
    if (is_parsed && plain.version) {
        printf("skypefp-batch %s\n", SKYPEFP_VERSION);
        *code = EXIT_NOTHING;
    } else if (error != NULL) {
        complain("%s (see --help)", error->message);
    }
    apply(options, &plain);
    g_strfreev(words);
    g_clear_error(&error);
    g_option_context_free(context);
    g_array_unref(entries);
    return is_parsed && !plain.version;
}
