/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a run hands to its outputs, in order, and its exit code. */
#ifndef BATCH_REPORTING_H
#define BATCH_REPORTING_H

#include "options.h"

struct reporting {
    const struct options *options;
    skypefp_protection protection;
    GHashTable *earlier;  /* sha256 -> struct capture of --resume, with document; NULL until opened */
    GHashTable *reported; /* sha256 of what was handed to the outputs */
    unsigned n_reported, n_damaged, n_skipped;
    bool has_findings;
    bool has_read; /* a capture, at least a part of one */
};

/* Opens the outputs of the options; captures: the inputs so far, from which reports that are replaced are removed.
 * False: a line on stderr says why not. In any case reporting_free() is due. */
bool reporting_open(struct reporting *reporting, const struct options *options, GPtrArray *captures,
                    struct engine *engine);

/* Whether an earlier report covers a capture, whose hash is known. */
bool reporting_is_covered(const struct reporting *reporting, const struct capture *capture);

/* Hands over the next capture; one that is not a capture is counted. */
void reporting_add(struct reporting *reporting, struct capture *capture);

/* Writes a line to every output at once, before its captures. */
void reporting_say(struct reporting *reporting, const char *line);

/* Whether every output is a pipe that its reader has closed, so that there is no point in going on. */
bool reporting_is_pointless(const struct reporting *reporting);

/* Whether a file is one of the outputs. */
bool reporting_is_output(const struct reporting *reporting, const struct stat *status);

/* Ends the reports. The exit code of the run. */
int reporting_close(struct reporting *reporting);

void reporting_free(struct reporting *reporting);

#endif
