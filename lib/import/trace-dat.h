/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * trace-dat.h - trace.dat, the binary file of trace-cmd record, as the text that ftrace.h
 * reads.
 *
 * libtracecmd and libtraceevent read the file and print its events by the formats that the
 * file brings along. They are not made for files that somebody else wrote: call this in a
 * process that may die of it (tools/apart.h).
 */
#ifndef SEA_TRACE_DAT_H
#define SEA_TRACE_DAT_H

#include <stdio.h>

#include "base/error.h"

/*
 * Writes the events of the file's top buffer and of its instances that ftrace.h
 * understands, in the order of their times buffer by buffer, and what the file says to be
 * lost. Without libtracecmd in this build, that is the error.
 */
int sea_trace_dat_write(const char *path, FILE *out, struct sea_error *err);

#endif /* SEA_TRACE_DAT_H */
