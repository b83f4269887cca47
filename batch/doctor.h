/* SPDX-License-Identifier: GPL-2.0-or-later */
/* skypefp-batch doctor: why does nothing appear? */
#ifndef BATCH_DOCTOR_H
#define BATCH_DOCTOR_H

/* Prints what was found, each problem with its fix. 0: all is well; 1: something should be changed that
 * batch runs do not depend on; 3: the plugin is not loaded. */
int doctor_examine(void);

/* The same on stderr, as the explanation of a run that could not begin. */
void doctor_explain(void);

#endif
