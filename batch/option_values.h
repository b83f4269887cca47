/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options that have values of their own, as GLib's callbacks: each reads one value. */
#ifndef BATCH_OPTION_VALUES_H
#define BATCH_OPTION_VALUES_H

#include <glib.h>

/* GOptionArgFunc. name: is not looked at; data: struct options, which the value goes into. False, and an error that
 * says what to choose from, when there is no such value. */
gboolean option_read_format(const char *name, const char *value, gpointer data, GError **error);
gboolean option_read_path(const char *name, const char *value, gpointer data, GError **error);
gboolean option_read_bar(const char *name, const char *value, gpointer data, GError **error);
gboolean option_read_on_damage(const char *name, const char *value, gpointer data, GError **error);
gboolean option_read_color(const char *name, const char *value, gpointer data, GError **error);
gboolean option_read_engine(const char *name, const char *value, gpointer data, GError **error);

#endif
