/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lines.h - all that doctor can say. seastat-doctor(8) has the same table; a unit test
 * holds the two against each other.
 */
#ifndef SEA_DOCTOR_LINES_H
#define SEA_DOCTOR_LINES_H

/* How bad it is; the worst of all lines makes the exit status. */
enum sea_doctor_level {
	SEA_DOCTOR_OK,	       /* status 0 */
	SEA_DOCTOR_NOTE,       /* status 0: good to know */
	SEA_DOCTOR_ACT,	       /* status 1: somebody should do something on this host */
	SEA_DOCTOR_UNKNOWN,    /* status 2: cannot be told from here */
	SEA_DOCTOR_INCOMPLETE, /* status 2: counts, or the list of VMs, would be incomplete */
	SEA_DOCTOR_IMPOSSIBLE, /* status 3: nothing can be found out here */
};

/* "ok", "note", "act", "unknown", "incomplete", "impossible"; static. */
const char *sea_doctor_level_name(enum sea_doctor_level level);

/* In the order in which doctor says them */
enum sea_doctor_id {
	SEA_LINE_MACHINE,
	SEA_LINE_TRACING,
	SEA_LINE_NOT_ARM64,
	SEA_LINE_NO_BTF,
	SEA_LINE_BTF_NEWER,
	SEA_LINE_BTF_DAMAGED,
	SEA_LINE_BTF_UNREADABLE,
	SEA_LINE_NO_KVM,
	SEA_LINE_LOCKED_DOWN,
	SEA_LINE_USER_NAMESPACE,
	SEA_LINE_NO_CAPABILITIES,
	SEA_LINE_LOCKDOWN,
	SEA_LINE_LOCKDOWN_UNKNOWN,
	SEA_LINE_NAMESPACE,
	SEA_LINE_PID_NAMESPACE,
	SEA_LINE_NAMESPACE_UNKNOWN,
	SEA_LINE_SYMBOLS,
	SEA_LINE_SYMBOLS_KPTR,
	SEA_LINE_SYMBOLS_SYSLOG,
	SEA_LINE_SYMBOLS_PARANOID,
	SEA_LINE_PARANOID,
	SEA_LINE_PROC,
	SEA_LINE_HIDEPID,
	SEA_LINE_FIRMWARE,
	SEA_LINE_DEVICE_TREE,
	SEA_LINE_NO_HEST,
	SEA_LINE_HEST_UNREADABLE,
	SEA_LINE_HEST_DAMAGED,
	SEA_LINE_HEST_ID_TWICE,
	SEA_LINE_NO_SEA_SOURCE,
	SEA_LINE_SEA_SOURCE_OFF,
	SEA_LINE_HEST_DISABLED,
	SEA_LINE_GHES_DISABLED,
	SEA_LINE_HEST_NOT_TAKEN,
	SEA_LINE_REPEATS,
	SEA_LINE_REPEATS_CLAIMED,
	SEA_LINE_REPEATS_UNKNOWN,
	SEA_LINE_FAILURE_PANICS,
	SEA_LINE_UNRECOVERABLE_PANICS,
	SEA_LINE_NO_MEMORY_FAILURE,
	SEA_LINE_LAST_BOOT,
	SEA_LINE_LAST_BOOT_NOT_SET_UP,
	SEA_LINE_LAST_BOOT_NOT_KEPT,
	SEA_LINE_LAST_BOOT_TOO_OLD,
	SEA_LINE_LAST_BOOT_UNREADABLE,
	SEA_LINE_NOT_LISTED,
	SEA_LINE_NO_DEV_KVM,
	SEA_LINE_RAS,
	SEA_LINE_NO_RAS,
	SEA_LINE_EXIT,
	SEA_LINE_NO_EXIT,
	SEA_LINE_OPT_IN_UNREADABLE,
	SEA_LINE_STATISTICS,
	SEA_LINE_NO_STATISTICS,
	SEA_LINE_SOURCE,
	SEA_LINE_SOURCE_TOO,
	SEA_LINE_SOURCE_UNKNOWNS,
	SEA_LINE_SOURCE_REFUSED,
	SEA_LINE_NO_SOURCE,
	SEA_LINE_NO_CHECK,
	SEA_LINE_HOOK,
	SEA_LINE_HOOK_UNPROVEN,
	SEA_LINE_HOOK_DEAD,
	SEA_LINE_HOOK_EXTRA_DEAD,
	SEA_LINE_EVIDENCE,
	SEA_LINE_EVIDENCE_PARTLY,
	SEA_LINE_VMS,
	SEA_LINE_VMS_UNLISTED,
	SEA_LINE_VM_PROTECTED,
	SEA_LINE_VM_NO_OPT_IN,
	SEA_LINES,
};

struct sea_doctor_line {
	const char *id;	   /* in JSON and in the manual: "hest-disabled" */
	const char *topic; /* "firmware" */
	enum sea_doctor_level level;
	/*
	 * Why it is so, and what to do. NULL: there is nothing to say. What doctor prints may
	 * have more of this host in it; the manual has these.
	 */
	const char *cause;
	const char *remedy;
};

const struct sea_doctor_line *sea_doctor_line(enum sea_doctor_id id);

#endif /* SEA_DOCTOR_LINES_H */
