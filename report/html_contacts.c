/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who was in contact with whom: hosts on a circle, and a table. */
#include "html_contacts.h"

#include "html_rows.h"
#include "members.h"

#include <math.h>
#include <string.h>

enum { MAX_ROWS = 200, MAX_HOSTS = 40, SIZE = 700, MIDDLE = SIZE / 2 };

/* The hosts that are drawn, by address; the value is their number, from 1. The first is drawn in the middle: it has
 * the strongest conversation. */
static GHashTable *number_hosts(JsonArray *rows, const GArray *order)
{
    GHashTable *hosts = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < order->len && g_hash_table_size(hosts) < MAX_HOSTS - 1; i++) {
        JsonObject *row = report_object_at(rows, g_array_index(order, guint, i));
        for (unsigned side = 0; side < 2; side++) {
            JsonObject *end = report_object(row, side == 0 ? "source" : "destination");
            const char *address = end != NULL ? report_string(end, "address") : NULL;
            if (address != NULL && !g_hash_table_contains(hosts, address)) {
                g_hash_table_insert(hosts, (gpointer)(guintptr)address, GUINT_TO_POINTER(g_hash_table_size(hosts) + 1));
            }
        }
    }
    return hosts;
}

static void place(guint number, guint n, int radius, int *x, int *y)
{
    double angle = 2 * G_PI * number / MAX(n - 1, 1);

    radius = number == 1 ? 0 : radius;
    *x = MIDDLE + (int)lround(radius * cos(angle));
    *y = MIDDLE + (int)lround(radius * sin(angle));
}

/* Of the circle: small for few hosts. */
static int radius_of(guint n)
{
    return n <= 3 ? 60 : n <= 10 ? 110 : n <= 20 ? 170 : 230;
}

static void draw_edge(xmlTextWriterPtr page, guint from, guint to, guint n, bool is_udp)
{
    int x1, y1, x2, y2;

    place(from, n, radius_of(n), &x1, &y1);
    place(to, n, radius_of(n), &x2, &y2);
    markup_open(page, "line", "class", is_udp ? "udp" : "tcp", NULL);
    markup_attribute(page, "x1", "%d", x1);
    markup_attribute(page, "y1", "%d", y1);
    markup_attribute(page, "x2", "%d", x2);
    markup_attribute(page, "y2", "%d", y2);
    markup_close(page);
}

static void draw_host(xmlTextWriterPtr page, const char *address, guint number, guint n)
{
    int x, y, label_x, label_y, turn = (int)lround(360.0 * number / MAX(n - 1, 1)) % 360;
    bool is_left = turn > 90 && turn < 270;

    place(number, n, radius_of(n), &x, &y);
    place(number, n, radius_of(n) + 12, &label_x, &label_y);
    markup_open(page, "circle", "r", "5", NULL);
    markup_attribute(page, "cx", "%d", x);
    markup_attribute(page, "cy", "%d", y);
    markup_close(page);
    markup_open(page, "text", "text-anchor", number == 1 ? "middle" : is_left ? "end" : "start", NULL);
    markup_attribute(page, "x", "%d", label_x);
    markup_attribute(page, "y", "%d", label_y + (number == 1 ? 22 : 4));
    if (number != 1) { /* along the line, and never upside down */
        markup_attribute(page, "transform", "rotate(%d %d %d)", is_left ? turn - 180 : turn, label_x, label_y);
    }
    markup_string(page, address);
    markup_close(page);
}

static void draw(xmlTextWriterPtr page, JsonArray *rows, const GArray *order)
{
    GHashTable *hosts = number_hosts(rows, order);
    guint n = g_hash_table_size(hosts);
    GHashTableIter iter;
    gpointer address, number;
    int reach = radius_of(n) + (n <= 3 ? 0 : 120); /* names of two and three are beside their circles */

    markup_open(page, "svg", "class", "circle", "role", "img", "aria-label", "Hosts that were in contact", NULL);
    markup_attribute(page, "viewBox", "0 %d %d %d", MIDDLE - reach, SIZE, 2 * reach);
    for (guint i = 0; i < order->len; i++) {
        JsonObject *row = report_object_at(rows, g_array_index(order, guint, i));
        JsonObject *source = report_object(row, "source"), *destination = report_object(row, "destination");
        const char *a = source != NULL ? report_string(source, "address") : NULL;
        const char *b = destination != NULL ? report_string(destination, "address") : NULL;
        guint from = a != NULL ? GPOINTER_TO_UINT(g_hash_table_lookup(hosts, a)) : 0;
        guint to = b != NULL ? GPOINTER_TO_UINT(g_hash_table_lookup(hosts, b)) : 0;
        if (from != 0 && to != 0) {
            draw_edge(page, from, to, n, g_strcmp0(report_string(row, "transport"), "udp") == 0);
        }
    }
    g_hash_table_iter_init(&iter, hosts);
    while (g_hash_table_iter_next(&iter, &address, &number)) {
        draw_host(page, address, GPOINTER_TO_UINT(number), n);
    }
    markup_close(page);
    g_hash_table_destroy(hosts);
}

static char *amounts(JsonObject *end)
{
    return g_strdup_printf("%" G_GINT64_FORMAT " / %" G_GINT64_FORMAT,
                           end != NULL ? report_number(end, "packets", 0) : 0,
                           end != NULL ? report_number(end, "octets", 0) : 0);
}

/* A time without its fraction: packets are named by their numbers. */
static char *short_time(JsonObject *row, const char *key)
{
    enum { DATE = 10, SECONDS = 19 };
    const char *text = report_string(row, key);

    return text != NULL && strlen(text) > SECONDS ? g_strdup_printf("%.*s %.8s", DATE, text, text + DATE + 1)
                                                  : g_strdup("unknown");
}

static void put_row(xmlTextWriterPtr page, JsonObject *row)
{
    JsonObject *source = report_object(row, "source"), *destination = report_object(row, "destination");
    char *texts[] = { report_html_end(source), report_html_end(destination), amounts(source), amounts(destination) };
    char *proof = g_strdup_printf("%" G_GINT64_FORMAT, report_number(row, "proof_frame", 0));
    char *frames = g_strdup_printf("%" G_GINT64_FORMAT "\xe2\x80\x93%" G_GINT64_FORMAT,
                                   report_number(row, "first_frame", 0), report_number(row, "last_frame", 0));
    char *first = short_time(row, "first_time"), *last = short_time(row, "last_time");
    bool is_udp = g_strcmp0(report_string(row, "transport"), "udp") == 0;

    markup_row(page, "td", texts[0], texts[1], is_udp ? "UDP" : "TCP", report_string(row, "verdict"), first, last,
               texts[2], texts[3], frames, report_number(row, "proof_frame", 0) > 0 ? proof : "none", NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_free(texts[i]);
    }
    g_free(first);
    g_free(last);
    g_free(proof);
    g_free(frames);
}

void report_html_contacts(xmlTextWriterPtr page, JsonObject *document)
{
    JsonArray *rows = report_array(document, "conversations");
    GArray *order = report_html_strongest(rows, MAX_ROWS);

    if (order->len > 0) {
        guint n = json_array_get_length(rows);
        markup_leaf(page, "h3", "Who was in contact with whom");
        draw(page, rows, order);
        markup_open(page, "table", "class", "contacts", NULL);
        markup_open(page, "thead", NULL);
        markup_row(page, "th", "Began", "Other side", "", "Verdict", "First (UTC)", "Last (UTC)", "Packets / bytes",
                   "Back", "Frames", "Proof", NULL);
        markup_close(page);
        markup_open(page, "tbody", NULL);
        for (guint i = 0; i < order->len; i++) {
            put_row(page, report_object_at(rows, g_array_index(order, guint, i)));
        }
        markup_close(page);
        markup_close(page);
        if (n > order->len) {
            markup_leaf(page, "p", "The %u strongest of %u conversations. skypefp-batch --format csv lists all.",
                        order->len, n);
        }
    }
    g_array_unref(order);
}
