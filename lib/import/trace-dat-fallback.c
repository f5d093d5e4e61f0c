// SPDX-License-Identifier: GPL-2.0-only
/* trace-dat-fallback.c - in a build without libtracecmd. */
#include "import/trace-dat.h"

int sea_trace_dat_write(const char *path, FILE *out, struct sea_error *err)
{
	(void)out;
	return sea_error_set(err,
			     "cannot read %s: this seastat was built without libtracecmd; run "
			     "trace-cmd report %s | seastat import ftrace -",
			     path, path);
}
