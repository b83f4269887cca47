/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzz target: a report that anybody may have written, through merge and through what makes pages and tables of it.
 *
 * Input: the file, which merge reads twice. What must hold: an exit code of merge; a page and tables that are UTF-8. */
#include "complaint.h"
#include "flow_table.h"
#include "html.h"
#include "merge.h"
#include "options_check.h"
#include "options_read.h"
#include "report.h"
#include "report_reader.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t n);

/* In place of the program's own: a fuzzer makes it complain thousands of times a second. */
void complain(const char *format, ...)
{
    (void)format;
}

static void merge(const char *path)
{
    enum { N_WORDS = 11 };
    char *command = g_strdup_printf("merge -f json -o /dev/null -f table -o /dev/zero %s %s", path, path);
    char **words = g_strsplit(command, " ", -1), *left[N_WORDS + 1]; /* reading takes words out of the second */
    struct options options;
    int code;

    memcpy(left, words, sizeof left);
    g_assert_true(options_read(&options, COMMAND_MERGE, N_WORDS, left, &code));
    g_assert_true(options_check(&options, COMMAND_MERGE));
    code = merge_reports(&options);
    options_clear(&options);
    g_strfreev(words);
    g_free(command);
    g_assert_cmpint(code, >=, EXIT_NOTHING);
    g_assert_cmpint(code, <=, EXIT_FINDINGS_AND_DAMAGE);
}

/* What is made of a record. */
struct pages {
    struct report_html *html;
    GString *tables;
};

static bool add_pages(JsonObject *document, void *data)
{
    static const struct report_file file = { .name = "x.pcap", .sha256 = "0", .size = 1, .status = "ok" };
    struct pages *pages = data;

    if (!report_is_of_capture(document)) {
        return false;
    }
    report_html_add(pages->html, document, &file);
    report_csv_rows(pages->tables, document, &file);
    report_zeek_rows(pages->tables, document, &file);
    return true;
}

static void make_pages(const char *path)
{
    struct pages pages = { report_html_new(), g_string_new(NULL) };
    unsigned n_broken = 0;
    GError *error = NULL;

    report_each(path, add_pages, &pages, &n_broken, &error);
    GDateTime *now = g_date_time_new_from_unix_utc(0);
    char *page = report_html_finish(pages.html, NULL, now, true);
    g_assert_true(g_utf8_validate(page, -1, NULL));
    g_assert_true(g_utf8_validate(pages.tables->str, (gssize)pages.tables->len, NULL));
    g_free(page);
    g_date_time_unref(now);
    report_html_free(pages.html);
    g_string_free(pages.tables, TRUE);
    g_clear_error(&error);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t n)
{
    static int fd = -1;
    static char path[64];

    if (fd < 0) {
        fd = memfd_create("report", MFD_CLOEXEC);
        g_snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    }
    g_assert_cmpint(ftruncate(fd, 0), ==, 0);
    g_assert_cmpint(pwrite(fd, input, n, 0), ==, (gssize)n);
    merge(path);
    make_pages(path);
    return 0;
}
