/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * doctor.h - can this host count SEAs, does every hook work, and what is there
 * for its operator to do?
 *
 * facts.c finds out; doctor.c judges what it found, and knows no kernel.
 */
#ifndef SEA_DOCTOR_H
#define SEA_DOCTOR_H

#include <stdbool.h>
#include <stddef.h>

#include "model/view.h"
#include "names/names.h"
#include "base/error.h"
#include "arm/hest.h"
#include "trace/privilege.h"
#include "base/text.h"
#include "trace/trace.h"

#define SEA_DOCTOR_SCHEMA "seastat-doctor/1"

#define SEA_DOCTOR_SOURCES 4
#define SEA_DOCTOR_CHECKS 48
#define SEA_DOCTOR_TEXT_LEN 640

enum sea_hest_state {
	SEA_HEST_READ,
	SEA_HEST_ABSENT, /* no ACPI, or no such table */
	SEA_HEST_UNREADABLE,
	SEA_HEST_DAMAGED,
};

/* All that the verdict depends on. Start from zeros. */
struct sea_doctor_facts {
	char machine[32], host[65], kernel[65];
	bool can_trace;		   /* the environment lets BPF programs be used at all */
	struct sea_error no_trace; /* if not */
	char lockdown[32];	   /* "none", "integrity", ...; "": not known */
	bool may[SEA_STEPS];	   /* the privileges for each step are there */
	enum sea_hest_state hest_state;
	struct sea_hest hest;
	struct sea_error hest_error;
	bool listed;		  /* the VMs could be listed, KVM be asked */
	struct sea_error no_list; /* if not */
	struct sea_kvm_facts kvm;
	struct sea_view view; /* of the VMs, which no source counts */
	struct sea_source_report sources[SEA_DOCTOR_SOURCES]; /* best first */
	size_t nr_sources;
};

/* Finds out; names as for sea_view_make(). Only out of memory is an error. */
int sea_doctor_examine(struct sea_doctor_facts *facts, struct sea_vm_names *names,
		       struct sea_error *err);
void sea_doctor_free(struct sea_doctor_facts *facts);

/* How bad it is; the worst of all checks makes the exit status. */
enum sea_doctor_level {
	SEA_DOCTOR_OK,	       /* status 0 */
	SEA_DOCTOR_NOTE,       /* status 0: good to know */
	SEA_DOCTOR_ACT,	       /* status 1: somebody should do something */
	SEA_DOCTOR_INCOMPLETE, /* status 2: counts would be incomplete */
	SEA_DOCTOR_IMPOSSIBLE, /* status 3: nothing can be found out here */
};

/* "ok", "note", "act", "incomplete", "impossible"; static. */
const char *sea_doctor_level_name(enum sea_doctor_level level);

struct sea_doctor_check {
	const char *topic; /* "kernel", "hook", ...; static */
	enum sea_doctor_level level;
	char text[SEA_DOCTOR_TEXT_LEN];
};

struct sea_doctor_report {
	struct sea_doctor_check checks[SEA_DOCTOR_CHECKS];
	size_t nr_checks;
	enum sea_doctor_level worst;
	enum sea_status status;
	const struct sea_source_report *taken; /* the source that seatop would take, or NULL */
	char verdict[SEA_DOCTOR_TEXT_LEN];
};

void sea_doctor_judge(const struct sea_doctor_facts *facts, struct sea_doctor_report *report);

/* Appends the report as lines of text. */
void sea_doctor_text(const struct sea_doctor_facts *facts, const struct sea_doctor_report *report,
		     struct sea_text *out);
/* Appends the report and the facts as one line of JSON; seastat-doctor(8) has the fields. */
int sea_doctor_json(const struct sea_doctor_facts *facts, const struct sea_doctor_report *report,
		    struct sea_text *out, struct sea_error *err);

#endif /* SEA_DOCTOR_H */
