/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks tshark for the encapsulation of a file's first frame. */
#include "encapsulation.h"

/* Numbers of wiretap/wtap.h (Wireshark only ever appends to them) that are of whole files and of lines of logs. */
static const gint64 not_packets[] = {
    90,                 /* BER: certificates */
    96,  123, 134, 209, /* MPEG audio, JPEG, MIME (pictures, programs and all that has a magic number), MP4 */
    114,                /* TNEF: winmail.dat */
    163, 164, 165, 166, 167, 168, 169, 170, /* Android's logcat, binary and text */
    175, 201, 202, 203,                     /* JSON, Ruby Marshal, PEM (RFC 7468), the systemd journal */
};

enum encapsulation encapsulation_of(const char *tshark, char **environment, const char *path, gint64 deadline)
{
    char *file = g_canonicalize_filename(path, NULL);
    const char *const argv[] = { tshark, "-r", file, "-c", "1", "-T", "fields", "-e", "frame.encap_type", NULL };
    char *output, *errors, *end = NULL;
    enum child_event event;

    child_run(argv, environment, deadline, &output, &errors, &event);
    gint64 number = output != NULL ? g_ascii_strtoll(output, &end, 10) : 0;
    enum encapsulation result = end == output ? ENCAPSULATION_UNKNOWN : ENCAPSULATION_PACKETS;
    for (unsigned i = 0; result == ENCAPSULATION_PACKETS && i < G_N_ELEMENTS(not_packets); i++) {
        result = number == not_packets[i] ? ENCAPSULATION_OTHER : result;
    }
    g_free(output);
    g_free(errors);
    g_free(file);
    return result;
}
