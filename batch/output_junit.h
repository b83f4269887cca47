/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JUnit XML: a test case for each capture. */
#ifndef BATCH_OUTPUT_JUNIT_H
#define BATCH_OUTPUT_JUNIT_H

#include "output.h"

extern const struct output_format output_format_junit;

#endif
