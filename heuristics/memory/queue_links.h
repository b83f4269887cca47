/* SPDX-License-Identifier: GPL-2.0-or-later */
/* GQueue's links without its calls. */
#ifndef SKYPEFP_QUEUE_LINKS_H
#define SKYPEFP_QUEUE_LINKS_H

#include <glib.h>

static inline void queue_append(GQueue *queue, GList *link)
{
    link->prev = queue->tail;
    link->next = NULL;
    if (queue->tail != NULL) {
        queue->tail->next = link;
    } else {
        queue->head = link;
    }
    queue->tail = link;
    queue->length++;
}

static inline void queue_remove(GQueue *queue, const GList *link)
{
    if (link->prev != NULL) {
        link->prev->next = link->next;
    } else {
        queue->head = link->next;
    }
    if (link->next != NULL) {
        link->next->prev = link->prev;
    } else {
        queue->tail = link->prev;
    }
    queue->length--;
}

#endif
