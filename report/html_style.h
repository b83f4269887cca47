/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the HTML page looks on a screen and on paper. */
#ifndef REPORT_HTML_STYLE_H
#define REPORT_HTML_STYLE_H

/* The text of the style element. */
extern const char report_html_style[];

#endif
