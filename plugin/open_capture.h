/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file that is open in Wireshark's window. */
#ifndef SKYPEFP_OPEN_CAPTURE_H
#define SKYPEFP_OPEN_CAPTURE_H

#include "compat.h"

/* What is NULL or negative is unknown: everything outside the window; hash and size while packets are captured. */
struct open_capture {
    char *name;   /* plain UTF-8 */
    char *sha256; /* of the file as it is now */
    int64_t size; /* octets */
};

/* Asks the window, and reads the file. */
struct open_capture skypefp_open_capture(void);
void skypefp_open_capture_clear(struct open_capture *capture);

#endif
