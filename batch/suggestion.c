/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Edit distances between short words. */
#include "suggestion.h"

#include <string.h>

enum { MAX_LEN = 15, MAX_DISTANCE = 2 };

/* Letters to add, leave out or replace; the words have at most MAX_LEN letters. */
static guint distance_between(const char *a, const char *b)
{
    guint row[MAX_LEN + 1];
    gsize n = strlen(b);

    for (guint i = 0; i <= n; i++) {
        row[i] = i;
    }
    for (guint k = 0; a[k] != '\0'; k++) {
        guint diagonal = row[0]++;
        for (guint i = 0; i < n; i++) {
            guint replaced = diagonal + (a[k] != b[i]);
            diagonal = row[i + 1];
            row[i + 1] = MIN(replaced, MIN(row[i], diagonal) + 1);
        }
    }
    return row[n];
}

const char *suggestion_for(const char *word, const char *const words[], guint n)
{
    const char *closest = NULL;
    guint least = MAX_DISTANCE + 1;

    for (guint i = 0; i < n && strlen(word) <= MAX_LEN; i++) {
        guint distance = distance_between(word, words[i]);
        if (distance < least) {
            least = distance;
            closest = words[i];
        }
    }
    return closest;
}
