// SPDX-License-Identifier: GPL-2.0-only
#include <sys/utsname.h>

#include "trace/privilege.h"
#include "program.h"
#include "verb.h"
#include "show/vm-list.h"

static int write_list(const struct verb_options *options, const struct sea_view *view,
		      struct sea_error *err)
{
	const struct rows_options *rows = options->rows;
	struct sea_text text = {0};
	struct utsname system;
	int rc = 0;

	uname(&system);
	if (options->json)
		rc = sea_vm_list_json(view, rows->max_rows, system.nodename, system.release, &text,
				      err);
	else
		rc = sea_vm_list_text(view, rows->max_rows, &rows->columns, &text, err);
	if (verb_write(&text, rc, err))
		return -1;
	return view->unlisted || view->pid_namespace ? SEA_STATUS_INCOMPLETE : SEA_STATUS_OK;
}

int verb_names(int argc, char **argv)
{
	struct sea_view view = {0};
	struct sea_vm_names *names;
	struct rows_options rows;
	struct verb_options options = {.rows = &rows};
	struct sea_vm_map *map;
	struct sea_error err;
	int rc;

	rows_default(&rows, NULL);
	verb_parse(argc, argv,
		   "The VMs that run: their names and where these come from, vCPUs, and whether "
		   "the VMM opted in to get SEAs.",
		   &options);
	rc = program_open_names(options.names, &names, &map, &err);
	if (!rc)
		rc = sea_vm_list_make(&view, names, &rows.filter, &rows.order, NULL, &err);
	if (!rc)
		rc = sea_privilege_drop(&err);
	if (!rc)
		rc = write_list(&options, &view, &err);
	sea_view_free(&view);
	sea_vm_names_close(names);
	sea_vm_map_free(map);
	return rc < 0 ? program_fail(&err) : rc;
}
