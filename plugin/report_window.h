/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Statistics > Skype Fingerprint Report (JSON) in Wireshark shows the report and saves it as it is; (HTML) saves the
 * page.
 *
 * Wireshark's own tables save text, CSV, XML and YAML, but no JSON. So this is a text window with a button of ours. */
#ifndef SKYPEFP_REPORT_WINDOW_H
#define SKYPEFP_REPORT_WINDOW_H

/* Registers both menu entries; call it from the handoff. Programs without menus ignore it. */
void skypefp_report_window_register(void);

#endif
