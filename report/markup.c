/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Elements and text of an HTML page. */
#include "markup.h"

static const xmlChar *xml(const char *text)
{
    return (const xmlChar *)text;
}

void markup_open(xmlTextWriterPtr page, const char *element, ...)
{
    va_list pairs;

    xmlTextWriterStartElement(page, xml(element));
    va_start(pairs, element);
    for (const char *name; (name = va_arg(pairs, const char *)) != NULL;) {
        const char *value = va_arg(pairs, const char *);
        xmlTextWriterWriteAttribute(page, xml(name), xml(value));
    }
    va_end(pairs);
}

void markup_close(xmlTextWriterPtr page)
{
    xmlTextWriterFullEndElement(page);
}

void markup_close_void(xmlTextWriterPtr page)
{
    xmlTextWriterEndElement(page);
}

void markup_attribute(xmlTextWriterPtr page, const char *name, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    char *text = g_strdup_vprintf(format, values);
    va_end(values);
    xmlTextWriterWriteAttribute(page, xml(name), xml(text));
    g_free(text);
}

void markup_string(xmlTextWriterPtr page, const char *text)
{
    xmlTextWriterWriteString(page, xml(text != NULL ? text : "\xe2\x80\x93"));
}

void markup_text(xmlTextWriterPtr page, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    char *text = g_strdup_vprintf(format, values);
    va_end(values);
    markup_string(page, text);
    g_free(text);
}

void markup_leaf(xmlTextWriterPtr page, const char *element, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    char *text = g_strdup_vprintf(format, values);
    va_end(values);
    markup_open(page, element, NULL);
    markup_string(page, text);
    markup_close(page);
    g_free(text);
}

void markup_row(xmlTextWriterPtr page, const char *cell, ...)
{
    va_list values;

    markup_open(page, "tr", NULL);
    va_start(values, cell);
    for (const char *value; (value = va_arg(values, const char *)) != NULL;) {
        markup_open(page, cell, NULL);
        markup_string(page, value);
        markup_close(page);
    }
    va_end(values);
    markup_close(page);
}
