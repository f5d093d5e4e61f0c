/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * doctor.h - can this host count SEAs, does every hook work, and what is there
 * for its operator to do?
 *
 * facts.c and firmware.c read what the kernel's files say, trial.c tries what only a trial
 * can tell; judge.c makes lines of it, and knows no kernel; render.c writes them.
 */
#ifndef SEA_DOCTOR_H
#define SEA_DOCTOR_H

#include <stdbool.h>
#include <stddef.h>

#include "arm/hest.h"
#include "base/error.h"
#include "base/text.h"
#include "doctor/lines.h"
#include "model/view.h"
#include "names/names.h"
#include "trace/instance.h"
#include "trace/environment.h"
#include "trace/ghes.h"
#include "trace/kernel-btf.h"
#include "trace/trace.h"

#define SEA_DOCTOR_SCHEMA "seastat-doctor/2"

#define SEA_DOCTOR_SOURCES 4
#define SEA_DOCTOR_TEXT_LEN 640

/* VMs that did not opt in are named up to this many, then counted. */
#define SEA_DOCTOR_NAMED_VMS 8

/* What firmware offers, by the ACPI table HEST, and what Linux took of it. */
enum sea_hest_state {
	SEA_HEST_READ,
	SEA_HEST_ABSENT,      /* ACPI has no such table */
	SEA_HEST_DEVICE_TREE, /* there is no ACPI, but a Device Tree */
	SEA_HEST_UNREADABLE,
	SEA_HEST_DAMAGED,
};

struct sea_firmware {
	enum sea_hest_state state;
	struct sea_hest hest;
	struct sea_error error; /* if it is unreadable or damaged */
	/* Generic error sources that Linux's driver GHES serves, and those of SEAs among them */
	unsigned int taken, sea_taken;
	unsigned int not_taken;		 /* the first id of those of SEAs that it does not serve */
	bool hest_disable, ghes_disable; /* words of the kernel's command line */
};

/* All that the verdict depends on. Start from zeros. */
struct sea_doctor_facts {
	/* facts.c, from files below a root */
	char machine[32], host[65], kernel[65];
	bool lacks[SEA_NEEDS]; /* what tracing needs; the reasons are in why */
	struct sea_error why[SEA_NEEDS];
	enum sea_btf_state btf;
	struct sea_error no_btf;	 /* if it is there, and cannot be read */
	char lockdown[SEA_LOCKDOWN_LEN]; /* "none", "integrity", ...; "": not known */
	struct sea_privileges privileges;
	enum sea_namespace pid_namespace, user_namespace;
	enum sea_hidden hidden; /* kernel addresses */
	long paranoid;		/* kernel.perf_event_paranoid; -1: not known */
	char hidepid[16]; /* how /proc hides other users' processes from us; "": it does not */
	long memory_failure_recovery;	   /* the sysctl; -1: the kernel has none */
	long panic_on_unrecoverable;	   /* the sysctl; -1: the kernel has none */
	enum sea_instance_state last_boot; /* the trace buffer that outlives the host */
	struct sea_firmware firmware;	   /* firmware.c */
	enum sea_repeats release_repeats;  /* by the kernel's release */

	/* trial.c */
	bool tried;		  /* BPF could be used; else the rest is zeros */
	enum sea_repeats repeats; /* by the kernel's text */
	bool listed;		  /* the VMs could be listed, KVM be asked */
	struct sea_error no_list; /* if not */
	struct sea_kvm_facts kvm;
	struct sea_view view; /* of the VMs, which no source counts */
	struct sea_source_report sources[SEA_DOCTOR_SOURCES]; /* best first */
	size_t nr_sources;
	struct sea_host_report evidence; /* hooks on what the host does about bad memory */
};

/* facts.c: reads files below system->root, and nothing else. */
void sea_doctor_look(struct sea_doctor_facts *facts, const struct sea_trace_system *system);
/* Is nothing missing that tracing needs? */
bool sea_doctor_can_trace(const struct sea_doctor_facts *facts);
/* firmware.c: the same of HEST and of what Linux took of it. */
void sea_firmware_look(struct sea_firmware *firmware, const char *root);
/* trial.c: tries BPF and KVM of this machine, if sea_doctor_can_trace(). Only out of memory
 * is an error; names as for sea_view_make(). */
int sea_doctor_try(struct sea_doctor_facts *facts, struct sea_vm_names *names,
		   struct sea_error *err);
void sea_doctor_free(struct sea_doctor_facts *facts);

/* What was found: "WHAT: WHY; WHAT TO DO", of which the last two may be empty. */
struct sea_doctor_check {
	const struct sea_doctor_line *line;
	char what[SEA_DOCTOR_TEXT_LEN];
	char why[SEA_DOCTOR_TEXT_LEN];
	char remedy[SEA_DOCTOR_TEXT_LEN];
};

/* Each line once, but those of hooks, sources and VMs: so there is always room. */
#define SEA_DOCTOR_CHECKS \
	(SEA_LINES + SEA_REPORT_HOOKS + SEA_DOCTOR_SOURCES + SEA_DOCTOR_NAMED_VMS + 1)

struct sea_doctor_report {
	struct sea_doctor_check checks[SEA_DOCTOR_CHECKS];
	size_t nr_checks;
	enum sea_doctor_level worst;
	enum sea_status status;
	const struct sea_source_report *taken; /* the source that seatop would take, or NULL */
	const char *verdict;		       /* static */
};

void sea_doctor_judge(const struct sea_doctor_facts *facts, struct sea_doctor_report *report);

/* Appends the report as lines of text. */
void sea_doctor_text(const struct sea_doctor_report *report, struct sea_text *out);
/* Appends the report and the facts as one line of JSON; seastat-doctor(8) has the fields. */
int sea_doctor_json(const struct sea_doctor_facts *facts, const struct sea_doctor_report *report,
		    struct sea_text *out, struct sea_error *err);

#endif /* SEA_DOCTOR_H */
