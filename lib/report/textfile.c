// SPDX-License-Identifier: GPL-2.0-only
#include "report/textfile.h"

#include "base/replace.h"

int sea_textfile_write(const char *path, const char *text, size_t len, struct sea_error *err)
{
	/* node_exporter is another user, and reads no file that does not end in .prom. */
	return sea_replace_file_as(path, text, len, 0644, err);
}
