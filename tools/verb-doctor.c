// SPDX-License-Identifier: GPL-2.0-only
#include "doctor/doctor.h"
#include "program.h"
#include "verb.h"

static int write_report(const struct verb_options *options, const struct sea_doctor_facts *facts,
			struct sea_error *err)
{
	static struct sea_doctor_report report;
	struct sea_text text = {0};
	int rc = 0;

	sea_doctor_judge(facts, &report);
	if (options->json)
		rc = sea_doctor_json(facts, &report, &text, err);
	else
		sea_doctor_text(&report, &text);
	return verb_write(&text, rc, err) ? -1 : (int)report.status;
}

int verb_doctor(int argc, char **argv)
{
	static struct sea_doctor_facts facts;
	const struct sea_trace_system here = {0};
	struct sea_vm_names *names;
	struct verb_options options = {0};
	struct sea_vm_map *map;
	struct sea_error err;
	int rc;

	verb_parse(argc, argv,
		   "Can this host count SEAs, does every hook work, and which VMs opted in? Exit "
		   "status: 0 all is well, 1 there is something to do here, 2 not everything can "
		   "be told or counted, 3 nothing can be counted here.",
		   &options);
	rc = program_open_names(options.names, &names, &map, &err);
	if (!rc) {
		sea_doctor_look(&facts, &here);
		rc = sea_doctor_try(&facts, names, &err);
	}
	if (!rc)
		rc = sea_privilege_drop(&err);
	if (!rc)
		rc = write_report(&options, &facts, &err);
	sea_doctor_free(&facts);
	sea_vm_names_close(names);
	sea_vm_map_free(map);
	return rc < 0 ? program_fail(&err) : rc;
}
