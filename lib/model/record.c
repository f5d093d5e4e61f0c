// SPDX-License-Identifier: GPL-2.0-only
#include "model/record.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

static const char *const types[SEA_RECORD_TYPES] = {
	[SEA_RECORD_SESSION] = "session", [SEA_RECORD_VM] = "vm",     [SEA_RECORD_SEA] = "sea",
	[SEA_RECORD_ANSWER] = "answer",	  [SEA_RECORD_END] = "end",   [SEA_RECORD_TICK] = "tick",
	[SEA_RECORD_GAP] = "gap",	  [SEA_RECORD_HOST] = "host",
};

static const char *const gap_causes[SEA_GAP_CAUSES] = {
	[SEA_GAP_TICK] = "tick",
	[SEA_GAP_RECORDER] = "recorder",
	[SEA_GAP_STORE] = "store",
};

static const char *const host_kinds[SEA_HOST_KINDS] = {
	[SEA_HOST_MEMORY_FAILURE] = "memory_failure",
	[SEA_HOST_SIGBUS] = "sigbus",
	[SEA_HOST_ARM_EVENT] = "arm_event",
	[SEA_HOST_MC_EVENT] = "mc_event",
	[SEA_HOST_NON_STANDARD] = "non_standard_event",
	[SEA_HOST_MF_EVENT] = "memory_failure_event",
	[SEA_HOST_GHES] = "ghes",
	[SEA_HOST_PANIC] = "panic",
	[SEA_HOST_MCE] = "mce",
};

static const char *name_of(const char *const *names, unsigned int nr, unsigned int number)
{
	return number < nr ? names[number] : "invalid";
}

static int number_of(const char *const *names, unsigned int nr, const char *name)
{
	unsigned int i;

	for (i = 0; name && i < nr; i++)
		if (!strcmp(names[i], name))
			return (int)i;
	return -1;
}

const char *sea_record_type_name(unsigned int type)
{
	return name_of(types, SEA_RECORD_TYPES, type);
}

int sea_record_type_number(const char *name)
{
	return number_of(types, SEA_RECORD_TYPES, name);
}

const char *sea_gap_cause_name(unsigned int cause)
{
	return name_of(gap_causes, SEA_GAP_CAUSES, cause);
}

int sea_gap_cause_number(const char *name)
{
	return number_of(gap_causes, SEA_GAP_CAUSES, name);
}

const char *sea_host_kind_name(unsigned int kind)
{
	return name_of(host_kinds, SEA_HOST_KINDS, kind);
}

int sea_host_kind_number(const char *name)
{
	return number_of(host_kinds, SEA_HOST_KINDS, name);
}

const char *sea_sigbus_code_name(__s32 code)
{
	switch (code) {
	case BUS_MCEERR_AR:
		return "MCEERR_AR";
	case BUS_MCEERR_AO:
		return "MCEERR_AO";
	case SI_KERNEL:
		return "SI_KERNEL";
	default:
		return NULL;
	}
}

void sea_end_text(int wait_status, __s32 sigbus, char text[SEA_END_TEXT_LEN])
{
	const char *code = sea_sigbus_code_name(sigbus), *name;

	text[0] = '\0';
	if (wait_status < 0)
		return;
	if (!WIFSIGNALED(wait_status)) {
		snprintf(text, SEA_END_TEXT_LEN, "exit %d", WEXITSTATUS(wait_status));
		return;
	}
	name = sigabbrev_np(WTERMSIG(wait_status));
	if (!name)
		snprintf(text, SEA_END_TEXT_LEN, "signal %d", WTERMSIG(wait_status));
	else if (WTERMSIG(wait_status) == SIGBUS && code)
		snprintf(text, SEA_END_TEXT_LEN, "SIGBUS (%s)", code);
	else
		snprintf(text, SEA_END_TEXT_LEN, "SIG%s", name);
}
