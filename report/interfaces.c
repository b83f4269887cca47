/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts frames by interface. */
#include "interfaces.h"

#include "members.h"
#include "plain_text.h"

#include <string.h>

enum { MAX_INTERFACES = 64 };

struct interface {
    char *name, *link_type;
    gint64 n_frames;
};

struct report_interfaces {
    guint n;
    struct interface list[MAX_INTERFACES];
    struct interface *current; /* in the list; NULL: none was begun, or there was no room for it */
};

struct report_interfaces *report_interfaces_new(void)
{
    return g_new0(struct report_interfaces, 1);
}

void report_interfaces_free(struct report_interfaces *interfaces)
{
    for (guint i = 0; interfaces != NULL && i < interfaces->n; i++) {
        g_free(interfaces->list[i].name);
        g_free(interfaces->list[i].link_type);
    }
    g_free(interfaces);
}

static struct interface *find_interface(struct report_interfaces *interfaces, const char *name, const char *link_type)
{
    for (guint i = 0; i < interfaces->n; i++) {
        struct interface *found = &interfaces->list[i];
        if (strcmp(found->name, name) == 0 && strcmp(found->link_type, link_type) == 0) {
            return found;
        }
    }
    if (interfaces->n == MAX_INTERFACES) {
        return NULL;
    }
    struct interface *fresh = &interfaces->list[interfaces->n++];
    *fresh = (struct interface){ g_strdup(name), g_strdup(link_type), 0 };
    return fresh;
}

void report_interfaces_begin(struct report_interfaces *interfaces, const char *name, const char *link_type)
{
    char *plain = skypefp_make_plain(name != NULL ? name : "");

    interfaces->current = find_interface(interfaces, plain, link_type);
    g_free(plain);
}

void report_interfaces_count(struct report_interfaces *interfaces)
{
    if (interfaces->current != NULL) {
        interfaces->current->n_frames++;
    }
}

static gint compare(gconstpointer a, gconstpointer b)
{
    const struct interface *left = *(const struct interface *const *)a, *right = *(const struct interface *const *)b;
    int order = strcmp(left->name, right->name);

    return order != 0 ? order : strcmp(left->link_type, right->link_type);
}

JsonArray *report_interfaces_rows(const struct report_interfaces *interfaces)
{
    GPtrArray *sorted = g_ptr_array_new();
    JsonArray *rows = json_array_new();

    for (guint i = 0; i < interfaces->n; i++) {
        g_ptr_array_add(sorted, (gpointer)(guintptr)&interfaces->list[i]);
    }
    g_ptr_array_sort(sorted, compare);
    for (guint i = 0; i < sorted->len; i++) {
        const struct interface *found = g_ptr_array_index(sorted, i);
        JsonObject *row = json_object_new();
        report_set_string(row, "name", found->name[0] != '\0' ? found->name : NULL);
        json_object_set_string_member(row, "link_type", found->link_type);
        json_object_set_int_member(row, "frames", found->n_frames);
        json_array_add_object_element(rows, row);
    }
    g_ptr_array_unref(sorted);
    return rows;
}
