/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * environment.h - what live tracing needs of the machine, before anything is loaded,
 * and what is around this process that makes its answers incomplete.
 */
#ifndef SEA_ENVIRONMENT_H
#define SEA_ENVIRONMENT_H

#include <stdbool.h>

#include "base/error.h"
#include "trace/privilege.h"

/* What the checks look at. Zeros: the running system. */
struct sea_trace_system {
	const char *machine; /* as uname -m; NULL: ask */
	const char *root;    /* where /proc, /sys and /dev are found below; NULL: "" */
	const struct sea_privileges *privileges; /* NULL: those of this process */
	/*
	 * May BPF programs read kernel memory? 1: yes, 0: no, less: not known. Asked where
	 * the kernel does not say how far it is locked down. NULL: try it.
	 */
	int (*may_read_kernel)(void);
};

/* What live tracing needs; each but for the ones before it. */
enum sea_need {
	SEA_NEED_ARM64,
	SEA_NEED_BTF,
	SEA_NEED_KVM,
	SEA_NEED_LOCKDOWN, /* less than confidentiality */
	SEA_NEED_USER_NAMESPACE,
	SEA_NEED_CAPABILITIES,
	SEA_NEEDS,
};

/* True: it is missing; why that is so and what to do is in err. */
bool sea_trace_lacks(const struct sea_trace_system *system, enum sea_need need,
		     struct sea_error *err);

/* Why nothing can be traced here: the first that is missing, or 0 if none is. */
int sea_trace_check(const struct sea_trace_system *system, struct sea_error *err);

#define SEA_LOCKDOWN_LEN 32

/*
 * How far the kernel below root is locked down: the word in brackets of "none
 * [integrity] confidentiality". False: it does not say.
 */
bool sea_trace_lockdown(const char *root, char word[SEA_LOCKDOWN_LEN]);

enum sea_namespace {
	SEA_NAMESPACE_INITIAL,
	SEA_NAMESPACE_OTHER,
	SEA_NAMESPACE_UNKNOWN, /* no procfs */
};

/*
 * In which namespace of this kind ("pid", "user") the process is whose /proc/self is
 * below root. In a pid namespace that is not the initial one, VMs outside are not seen
 * until they take an SEA, and never named from /proc. In a user namespace that is not
 * the initial one, capabilities do not count for BPF.
 */
enum sea_namespace sea_namespace_of(const char *root, const char *kind);

/* "initial", "other", "unknown"; static. */
const char *sea_namespace_name(enum sea_namespace namespace);

/* The number that a sysctl has: "kernel/kptr_restrict" below root's /proc/sys; -1: none. */
long sea_sysctl(const char *root, const char *name);

/* Why this process gets no kernel addresses from /proc/kallsyms */
enum sea_hidden {
	SEA_HIDDEN_NOT,
	SEA_HIDDEN_FROM_ALL,	/* kernel.kptr_restrict is 2 */
	SEA_HIDDEN_BY_RESTRICT, /* it is 1, and CAP_SYSLOG is not there */
	SEA_HIDDEN_BY_PERF,	/* it is 0, but kernel.perf_event_paranoid is over 1 */
	SEA_HIDDEN_STATES,
};

enum sea_hidden sea_hidden_why(const char *root, const struct sea_privileges *privileges);

/* The cause and what to do, as in a struct sea_error: "...: ...; ..."; static. */
const char *sea_hidden_text(enum sea_hidden hidden);

#endif /* SEA_ENVIRONMENT_H */
