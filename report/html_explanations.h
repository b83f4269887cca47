/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is the same on every HTML page. */
#ifndef REPORT_HTML_EXPLANATIONS_H
#define REPORT_HTML_EXPLANATIONS_H

#include "markup.h"

/* What can be forged, and what the words mean. */
void report_html_explanations(xmlTextWriterPtr page);

#endif
