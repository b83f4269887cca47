/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Elements and text of an HTML page, escaped by libxml2's writer: nothing that a capture or a file name holds
 * becomes markup. */
#ifndef REPORT_MARKUP_H
#define REPORT_MARKUP_H

#include <glib.h>
#include <libxml/xmlwriter.h>

/* Opens an element with attributes, pairs of name and value that end with NULL; markup_close() closes the innermost
 * one, always with an end tag, as HTML wants it. */
void markup_open(xmlTextWriterPtr page, const char *element, ...) G_GNUC_NULL_TERMINATED;
void markup_close(xmlTextWriterPtr page);

/* Closes an element that HTML knows to be empty, such as meta. */
void markup_close_void(xmlTextWriterPtr page);

/* An attribute of the element that was opened last. */
void markup_attribute(xmlTextWriterPtr page, const char *name, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* Text; NULL for markup_string() is an en dash. */
void markup_text(xmlTextWriterPtr page, const char *format, ...) G_GNUC_PRINTF(2, 3);
void markup_string(xmlTextWriterPtr page, const char *text);

/* An element that holds text and nothing else. */
void markup_leaf(xmlTextWriterPtr page, const char *element, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* A row of a table: cells of the element "th" or "td" that end with NULL. */
void markup_row(xmlTextWriterPtr page, const char *cell, ...) G_GNUC_NULL_TERMINATED;

#endif
