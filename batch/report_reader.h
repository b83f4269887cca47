/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reports as input of --resume and merge. */
#ifndef BATCH_REPORT_READER_H
#define BATCH_REPORT_READER_H

#include <json-glib/json-glib.h>
#include <stdbool.h>

/* Handles an object of a report; false when it is not a record of a batch. */
typedef bool report_handler(JsonObject *object, void *data);

/* Calls handle with each object of a JSON Lines file ("-": stdin), one line in memory at a time, or with the one
 * object of a file that holds one on several lines. Lines that a batch began and did not finish are counted in
 * *n_broken. False and the error, with names fit for people, when it cannot be read, when anything else is in it, or
 * when a line or document is too long to be a report. */
bool report_each(const char *path, report_handler *handle, void *data, unsigned *n_broken, GError **error);

#endif
